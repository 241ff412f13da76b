import { Global, Module } from '@nestjs/common';
import { Fabric, MemoryFabric } from './fabric';
import { FeedHub } from './feed-hub';

@Global()
@Module({
  providers: [{ provide: Fabric, useFactory: () => new MemoryFabric() }, FeedHub],
  exports: [Fabric, FeedHub],
})
export class FeedsModule {}
