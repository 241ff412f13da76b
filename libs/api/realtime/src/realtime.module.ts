import { Module } from '@nestjs/common';
import { FeedsModule } from './feeds';
import { NodesModule } from './nodes';
import { PresenceModule } from './presence';

/** Provides the feeds, the directory of nodes, and presence, to all features. */
@Module({ imports: [FeedsModule, NodesModule, PresenceModule] })
export class RealtimeModule {}
