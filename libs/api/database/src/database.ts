import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ClientBase, Pool, PoolClient, QueryResultRow } from 'pg';
import { isConnectionLost, isRetriable, isServerTrouble, limits, postgresCode } from '@cloudhop/api/platform';
import { DataSource } from 'typeorm';
import { fingerprintOf } from './fingerprint';

/** True when a migration changed the type of a prepared statement's result. Nothing was written. */
function isStalePlan(error: unknown): boolean {
  return postgresCode(error) === '0A000';
}

/** Pool of connections, and the epoch of the database behind them. */
@Injectable()
export class Database implements OnModuleDestroy {
  readonly #pool: Pool;
  readonly #epochListeners = new Set<(epoch: string) => void>();
  #epoch = '';
  #fingerprint = '';

  constructor(readonly dataSource: DataSource) {
    // TypeORM's own query path costs three awaits and a runner per statement; the pool behind it is the same.
    this.#pool = (dataSource.driver as unknown as { master: Pool }).master;
    const { options } = this.#pool as unknown as { options: { onConnect?: (client: ClientBase) => Promise<unknown> } };
    const configure = options.onConnect;
    // Awaited before a new connection is handed out, so that no statement reads another timeline unnoticed.
    options.onConnect = async (client) => {
      // A connection that breaks while it is checked out has no other listener, and an unheard error ends the process.
      client.on('error', () => undefined);
      await configure?.(client);
      if (this.#epoch !== '') await this.#readEpoch(client);
    };
    this.#pool.on('error', () => undefined);
    boundQueue(this.#pool);
  }

  /** Identifies the database's timeline; cursors of another epoch mean nothing. Empty until `start`. */
  get epoch(): string {
    return this.#epoch;
  }

  /**
   * Identifies the schema of this database among all: 16 hexadecimal digits, the same on every node and after a restart.
   * A restored dump has another one. Empty until `start`.
   */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /** Reads the epoch and the fingerprint; call it once after the migrations. */
  async start(): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await this.#readEpoch(client);
      this.#fingerprint = await fingerprintOf(client);
    } finally {
      client.release();
    }
  }

  /** Reads the epoch again: a dump that is restored in place changes it without ending a connection. */
  async checkEpoch(): Promise<void> {
    if (this.#epoch !== '') await this.#readEpoch(this.#pool);
  }

  onEpochChange(listener: (epoch: string) => void): void {
    this.#epochListeners.add(listener);
  }

  /**
   * Runs one statement and returns its rows; integers of 64 bits arrive as JavaScript numbers. Tries once more if a
   * migration changed the type of the result meanwhile (SQLSTATE 0A000). Throws what Postgres or the driver reports.
   */
  async query<T extends QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    try {
      return await this.#unnamed<T>(sql, parameters);
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      return this.#unnamed<T>(sql, parameters);
    }
  }

  /**
   * Runs one prepared statement, which each connection parses once: for the hot path. `name` belongs to this text alone.
   * If a migration made the plan stale, the pool closes that connection, and the statement runs once more without its
   * name: another connection's plan would be as stale. Otherwise as `query`.
   */
  async prepared<T extends QueryResultRow>(name: string, sql: string, parameters: unknown[]): Promise<T[]> {
    try {
      return (await this.#pool.query<T>({ name, text: sql, values: parameters })).rows;
    } catch (error) {
      if (!isStalePlan(error)) throw error;
      return this.#unnamed<T>(sql, parameters);
    }
  }

  /** Runs `work` again while Postgres says that the same may succeed (deadlock, lock time-out), at most `attempts` times. */
  async retrying<T>(work: () => Promise<T>, attempts = 4): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= attempts || !isRetriable(error)) throw error;
      }
    }
  }

  /** A transaction at READ COMMITTED. Do no I/O inside but its own statements. */
  async transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let failure: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      failure = error as Error;
      // Also a connection to a server that takes no writes: after a failover, the next one leads to its successor.
      if (!isConnectionLost(error) && !isServerTrouble(error)) {
        await client.query('rollback').then(
          () => (failure = undefined),
          () => undefined,
        );
      }
      throw error;
    } finally {
      client.release(failure);
    }
  }

  onModuleDestroy(): void {
    this.#epochListeners.clear();
  }

  async #unnamed<T extends QueryResultRow>(sql: string, parameters: unknown[]): Promise<T[]> {
    return (await this.#pool.query<T>(sql, parameters)).rows;
  }

  async #readEpoch(client: Pick<ClientBase, 'query'> | Pool): Promise<void> {
    const { rows } = await client.query<{ epoch: string }>('select epoch_v1() as epoch');
    const epoch = rows[0]!.epoch;
    const isChange = this.#epoch !== '' && epoch !== this.#epoch;
    this.#epoch = epoch;
    if (isChange) for (const listener of this.#epochListeners) listener(epoch);
  }
}

/**
 * Bounds the statements that wait for a connection. Beyond limits.poolQueue they fail at once, as if Postgres had no
 * connection left: callers answer `unavailable`.
 */
function boundQueue(pool: Pool): void {
  const connect = pool.connect.bind(pool) as (callback?: (error: Error) => void) => unknown;
  const bounded = (callback?: (error: Error) => void): unknown => {
    if (pool.waitingCount < limits.poolQueue) return connect(callback);
    const error = Object.assign(new Error('too many statements wait for a connection'), { code: '53300' });
    if (callback === undefined) return Promise.reject(error);
    process.nextTick(callback, error);
    return undefined;
  };
  Object.assign(pool, { connect: bounded });
}
