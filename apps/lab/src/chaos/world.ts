import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiNode } from './api-node';
import { Device } from './device';
import { Intruder } from './intruder';
import { Ledger } from './ledger';
import { Line } from './line';
import { PostgresUnderTest } from './postgres-under-test';
import { RedisUnderTest } from './redis-under-test';
import type { Chance } from '../chance';
import { RudeClient } from './rude-client';
import { SmallDisk } from './small-disk';
import { CookieJar } from './rest-api';

/** People; every other one has two devices. */
const people = 8;

/**
 * All clients come from one address here, so what counts by address would count the crowd; what counts by user or
 * socket stays as delivered, for the rude client. The rest is small, so that a short run meets resets and renewals.
 */
const limits = {
  guestsPerMinute: 10_000,
  handshakesPerMinute: 100_000,
  addressRequestsPerMinute: 100_000,
  refreshesPerMinute: 100_000,
  userRequestsPerMinute: 10_000,
  resetBeyond: 120,
  sequencerRing: 100,
  accessTokenMs: 20_000,
  tokenGraceMs: 5_000,
};

/** Everything that takes part: servers, their database, people and their networks. */
export interface World {
  nodes: readonly ApiNode[];
  /** Networks between each server and what it depends on. */
  links: readonly { postgres: Line; redis: Line | undefined }[];
  postgres: PostgresUnderTest;
  /** Undefined: the servers know nothing of each other. */
  redis: RedisUnderTest | undefined;
  intruder: Intruder | undefined;
  ledger: Ledger;
  devices: readonly Device[];
  lines: readonly Line[];
  rude: RudeClient;
  /** Person whom nothing happens to, so that there is always somebody who speaks. */
  moderator: Device;
  /** Disks that can be filled; undefined where nothing may be mounted. */
  disks: Record<'dataDisk' | 'walDisk', SmallDisk> | undefined;
  /** Log of Postgres, where it has a small disk. */
  postgresLog: string | undefined;
  /** Address that leads to a server which is up. */
  url: string;
  /** Output of the servers. */
  logs: readonly string[];
  /** Ends what would outlive this process. */
  close(): Promise<void>;
}

export interface WorldOptions {
  databaseUrl: string;
  /** Of this run alone. */
  folder: string;
  nodes: number;
  hasRedis: boolean;
}

export async function makeWorld(options: WorldOptions, chance: Chance): Promise<World> {
  const { databaseUrl, folder } = options;
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  const limitsFile = join(folder, 'limits.json');
  writeFileSync(limitsFile, JSON.stringify(limits));
  const { DATA_DISK: dataDisk, WAL_DISK: walDisk } = process.env;
  const disks =
    dataDisk === undefined || walDisk === undefined
      ? undefined
      : { dataDisk: new SmallDisk(dataDisk), walDisk: new SmallDisk(walDisk) };
  // The servers' logs are on the data disk, and so run out of room with it.
  const logs = Array.from({ length: options.nodes }, (_, n) => join(dataDisk ?? folder, `${n}.log`));
  const redis = options.hasRedis ? await RedisUnderTest.start() : undefined;
  const postgresEnd = { port: Number(new URL(databaseUrl).port), isUp: true };
  const links = await Promise.all(
    logs.map(async (_, n) => ({
      postgres: await Line.open([postgresEnd], chance.branch(`postgres ${n}`)),
      redis: redis && (await Line.open([redis], chance.branch(`redis ${n}`))),
    })),
  );
  const nodes = await Promise.all(
    logs.map(async (log, n) => {
      const { postgres, redis: toRedis } = links[n]!;
      return new ApiNode({
        name: String(n),
        port: await freePort(),
        databaseUrl: throughLine(databaseUrl, postgres),
        redisUrl: toRedis && `redis://127.0.0.1:${toRedis.port}`,
        dataDir,
        limitsFile,
        log,
      });
    }),
  );
  const ledger = new Ledger();
  const lines: Line[] = [];
  const devices: Device[] = [];
  const openLine = async () => {
    const line = await Line.open(nodes, chance.branch(`line ${lines.length}`));
    lines.push(line);
    return line;
  };
  for (let person = 0; person < people; person++) {
    const jar = new CookieJar();
    for (const suffix of person % 2 === 0 ? ['a', 'b'] : ['a'])
      devices.push(new Device({ name: `${person}${suffix}`, line: await openLine(), jar, ledger }));
  }
  const rudeLine = await Line.open(nodes, chance.branch('rude'));
  const moderatorLine = await Line.open(nodes, chance.branch('moderator'));
  const intruder = redis && new Intruder(redis.port);
  return {
    nodes,
    links,
    postgres: new PostgresUnderTest(databaseUrl),
    redis,
    intruder,
    ledger,
    devices,
    lines,
    rude: new RudeClient(rudeLine.url, ledger),
    // With a ledger of its own: the verdict is about the lobby, where everybody is.
    moderator: new Device({ name: 'moderator', line: moderatorLine, jar: new CookieJar(), ledger: new Ledger() }),
    disks,
    postgresLog: dataDisk && join(dataDisk, 'home/postgres.log'),
    url: moderatorLine.url,
    logs,
    async close() {
      intruder?.close();
      await redis?.stop();
    },
  };
}

/** Returns the same address, led through a line. */
function throughLine(databaseUrl: string, { port }: Line): string {
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
