import { Global, Module } from '@nestjs/common';
import { NodeDirectory } from './node-directory';

@Global()
@Module({ providers: [NodeDirectory], exports: [NodeDirectory] })
export class NodesModule {}
