import { Module } from '@nestjs/common';
import { BusModule } from './bus';
import { FeedsModule } from './feeds';
import { NodesModule } from './nodes';
import { PresenceModule } from './presence';
import { StatusModule } from './status';

/** Provides the bus between nodes, the feeds, the directory of nodes, presence and status, to all features. */
@Module({ imports: [BusModule, FeedsModule, NodesModule, PresenceModule, StatusModule] })
export class RealtimeModule {}
