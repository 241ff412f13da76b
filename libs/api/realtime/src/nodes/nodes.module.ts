import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { Database } from '@cloudhop/api/database';
import { LimitStore } from '@cloudhop/api/platform';
import { NodeBus } from '../bus';
import { NodeDirectory } from './node-directory';
import { ReplicatedState } from './replicated-state';

@Global()
@Module({ providers: [NodeDirectory, ReplicatedState], exports: [NodeDirectory, ReplicatedState] })
export class NodesModule implements OnModuleInit {
  constructor(
    private readonly limitStore: LimitStore,
    private readonly database: Database,
    private readonly bus: NodeBus,
    private readonly directory: NodeDirectory,
  ) {}

  onModuleInit(): void {
    this.limitStore.start({
      fingerprint: this.database.fingerprint,
      // An interrupted bus makes the other nodes silent, not absent.
      countNodes: () => (this.bus.state === 'interrupted' ? undefined : this.directory.nodes.length),
    });
  }
}
