import {
  DatabaseModule,
  Draining,
  ENV,
  Fabric,
  type FeedFrame,
  FeedsModule,
  loadEnv,
  MemoryFabric,
  Metrics,
  PresenceModule,
  RealtimeServer,
  type Secrets,
  SECRETS,
} from '@cloudhop/api/core';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { RestLimits } from '../../../core/src/rest/rest-limits';
import { AuthModule } from '../auth.module';

export const testSecrets: Secrets = {
  jwtKeys: [
    { kid: 'new', secret: 'the key that signs, thirty-two bytes or more' },
    { kid: 'old', secret: 'the key before it, thirty-two bytes or more' },
  ],
  refreshKey: 'the key of refresh tokens, thirty-two bytes or more',
};

/** The services of auth on a real database, without listening anywhere. */
export interface AuthNode {
  module: TestingModule;
  /** Every frame that was told to the other nodes. */
  frames: FeedFrame[];
  close(): Promise<void>;
}

/** Keeps what is published. */
class RecordingFabric extends MemoryFabric {
  readonly frames: FeedFrame[] = [];

  override publish(frame: FeedFrame): void {
    this.frames.push(frame);
    super.publish(frame);
  }
}

export async function startAuthNode(databaseUrl: string, secrets = testSecrets): Promise<AuthNode> {
  const core = [
    { provide: ENV, useValue: loadEnv({ DATABASE_URL: databaseUrl }) },
    { provide: SECRETS, useValue: secrets },
    Metrics,
    Draining,
    RestLimits,
    RealtimeServer,
  ];

  @Global()
  @Module({ providers: core, exports: core })
  class CoreForTests {}

  const fabric = new RecordingFabric();
  const module = await Test.createTestingModule({
    imports: [CoreForTests, DatabaseModule, FeedsModule, PresenceModule, AuthModule],
  })
    .overrideProvider(Fabric)
    .useValue(fabric)
    .compile();
  await module.init();
  return { module, frames: fabric.frames, close: () => module.close() };
}
