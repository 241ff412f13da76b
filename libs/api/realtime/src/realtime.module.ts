import { Module } from '@nestjs/common';
import { FeedsModule } from './feeds';
import { PresenceModule } from './presence';

/** Provides the feeds and the presence of this node, to all features. */
@Module({ imports: [FeedsModule, PresenceModule] })
export class RealtimeModule {}
