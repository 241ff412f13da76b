import { Module } from '@nestjs/common';
import { FeedsModule } from './feeds';
import { NodesModule } from './nodes';
import { PresenceModule } from './presence';
import { StatusModule } from './status';

/** Provides the feeds, the directory of nodes, presence and status, to all features. */
@Module({ imports: [FeedsModule, NodesModule, PresenceModule, StatusModule] })
export class RealtimeModule {}
