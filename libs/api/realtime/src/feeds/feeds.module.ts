import { Global, Module } from '@nestjs/common';
import { FeedHub } from './feed-hub';

@Global()
@Module({ providers: [FeedHub], exports: [FeedHub] })
export class FeedsModule {}
