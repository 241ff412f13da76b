import { Global, Module } from '@nestjs/common';
import { NodeDirectory } from './node-directory';
import { ReplicatedState } from './replicated-state';

@Global()
@Module({ providers: [NodeDirectory, ReplicatedState], exports: [NodeDirectory, ReplicatedState] })
export class NodesModule {}
