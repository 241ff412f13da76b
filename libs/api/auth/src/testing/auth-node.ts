import type { AddressInfo } from 'node:net';
import { configureHttp, PlatformModule, ENV, loadEnv, type Secrets, SECRETS } from '@cloudhop/api/platform';
import { DatabaseModule } from '@cloudhop/api/database';
import { PersonalFeedModule } from '@cloudhop/api/personal-feed';
import { NodeBus, type PublishedFrame, MemoryNetwork, MemoryNodeBus, RealtimeModule } from '@cloudhop/api/realtime';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuthModule } from '../auth.module';

export const testSecrets: Secrets = {
  jwtKeys: [
    { kid: 'new', secret: 'the key that signs, thirty-two bytes or more' },
    { kid: 'old', secret: 'the key before it, thirty-two bytes or more' },
  ],
  refreshKey: 'the key of refresh tokens, thirty-two bytes or more',
};

/** One node with nothing but auth, on a real database. */
export interface AuthNode {
  module: TestingModule;
  /** Every frame that was published to the other nodes. */
  frames: Omit<PublishedFrame, 'epoch'>[];
  /** Listens on a port of the loopback interface. Returns the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface AuthNodeOptions {
  /** Network that connects the buses of several nodes. */
  network?: MemoryNetwork;
  publicUrl?: string;
}

/** Bus that records what is published. */
class RecordingNodeBus extends MemoryNodeBus {
  readonly frames: Omit<PublishedFrame, 'epoch'>[] = [];

  override publish(frame: PublishedFrame): void {
    const { epoch: _, ...rest } = frame;
    this.frames.push(rest);
    super.publish(frame);
  }
}

export async function startAuthNode(
  databaseUrl: string,
  { network, publicUrl }: AuthNodeOptions = {},
): Promise<AuthNode> {
  const bus = new RecordingNodeBus(network ?? new MemoryNetwork());
  const module = await Test.createTestingModule({
    imports: [PlatformModule, DatabaseModule, RealtimeModule, PersonalFeedModule, AuthModule],
  })
    .overrideProvider(ENV)
    .useValue(loadEnv({ DATABASE_URL: databaseUrl, PUBLIC_URL: publicUrl, LOG_LEVEL: 'silent' }))
    .overrideProvider(SECRETS)
    .useValue(testSecrets)
    .overrideProvider(NodeBus)
    .useValue(bus)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, bodyParser: false });
  configureHttp(app, 'test');
  await app.init();
  return {
    module,
    frames: bus.frames,
    listen: async () => {
      await app.listen(0, '127.0.0.1');
      return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    },
    close: () => app.close(),
  };
}
