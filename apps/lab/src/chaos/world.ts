import { createServer, type AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiNode } from './api-node';
import { Device } from './device';
import { Ledger } from './ledger';
import { Line } from './line';
import { PostgresUnderTest } from './postgres-under-test';
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
  postgres: PostgresUnderTest;
  ledger: Ledger;
  devices: readonly Device[];
  lines: readonly Line[];
  rude: RudeClient;
  /** Disks that can be filled; undefined where nothing may be mounted. */
  disks: Record<'dataDisk' | 'walDisk', SmallDisk> | undefined;
  /** Log of Postgres, where it has a small disk. */
  postgresLog: string | undefined;
  /** Output of the servers. */
  logs: readonly string[];
  close(): Promise<void>;
}

export async function makeWorld(databaseUrl: string, folder: string, chance: Chance): Promise<World> {
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
  const logs = ['a', 'b'].map((name) => join(dataDisk ?? folder, `${name}.log`));
  const nodes = await Promise.all(
    logs.map(async (log, n) => {
      const port = await freePort();
      return new ApiNode({ name: String(n), port, databaseUrl, dataDir, limitsFile, log });
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
  return {
    nodes,
    postgres: new PostgresUnderTest(databaseUrl),
    ledger,
    devices,
    lines,
    rude: new RudeClient(rudeLine.url, ledger),
    disks,
    postgresLog: dataDisk && join(dataDisk, 'home/postgres.log'),
    logs,
    async close() {
      await Promise.all(devices.map((device) => device.stop()));
      for (const line of [...lines, rudeLine]) line.close();
      for (const node of nodes) node.kill();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
