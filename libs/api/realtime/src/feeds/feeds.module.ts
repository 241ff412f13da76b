import { Global, Module } from '@nestjs/common';
import { NodeBus, MemoryNodeBus } from './node-bus';
import { FeedHub } from './feed-hub';

@Global()
@Module({
  providers: [{ provide: NodeBus, useFactory: () => new MemoryNodeBus() }, FeedHub],
  exports: [NodeBus, FeedHub],
})
export class FeedsModule {}
