import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database } from '@cloudhop/api/database';
import { ENV, type Env, Metrics, SECRETS, type Secrets } from '@cloudhop/api/platform';
import { MemoryNodeBus, NodeBus } from './node-bus';
import { RedisNodeBus } from './redis-node-bus';

/** Returns the bus that the configuration asks for: on Redis, or of a single process. */
function makeBus(env: Env, secrets: Secrets, database: Database, metrics: Metrics): NodeBus {
  if (env.REDIS_URL === undefined) return new MemoryNodeBus();
  return new RedisNodeBus({
    redis: env.REDIS_URL,
    secret: secrets.refreshKey,
    fingerprint: database.fingerprint,
    epoch: () => database.epoch,
    metrics,
  });
}

@Global()
@Module({
  providers: [{ provide: NodeBus, inject: [ENV, SECRETS, Database, Metrics], useFactory: makeBus }],
  exports: [NodeBus],
})
export class BusModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly bus: NodeBus) {}

  onModuleInit(): void {
    this.bus.start();
  }

  onApplicationShutdown(): void {
    this.bus.stop();
  }
}
