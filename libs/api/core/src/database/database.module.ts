import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { DataSource } from 'typeorm';
import { ENV, type Env } from '../env';
import { limits } from '../limits';
import { ConfigurationError } from '../configuration-error';
import { dataSourceOptions, runMigrations, unsafeSettings } from './connect';
import { Database, postgresCode } from './database';

function connectionProblem(error: unknown): string {
  const reasons: Record<string, string> = {
    ECONNREFUSED: 'nothing listens there; is PostgreSQL running?',
    ENOTFOUND: 'there is no such host.',
    EAI_AGAIN: 'there is no such host.',
    '28P01': 'the password is wrong.',
    '28000': 'the user may not log in.',
    '3D000': 'there is no such database; create it first.',
  };
  const reason = reasons[postgresCode(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return `Cannot use the database of DATABASE_URL: ${reason}`;
}

/** Migrates the database, refuses one that may forget, and opens the pool. */
async function openDataSource(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (options?.type !== 'postgres' || options.url === undefined) throw new ConfigurationError('Set DATABASE_URL.');
  try {
    await runMigrations(options.url);
  } catch (error) {
    throw new ConfigurationError(connectionProblem(error), { cause: error });
  }
  const source = await new DataSource(options).initialize();
  const unsafe = await unsafeSettings(source);
  if (unsafe.length > 0) {
    await source.destroy();
    throw new ConfigurationError(
      `PostgreSQL has ${unsafe.join(', ')} off, so a crash could lose messages: turn it on.`,
    );
  }
  return source;
}

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [ENV],
      useFactory: (env: Env) => ({
        ...dataSourceOptions(env.DATABASE_URL, {
          poolSize: limits.poolConnections,
          lockTimeoutMs: limits.lockTimeoutMs,
          statementTimeoutMs: limits.statementTimeoutMs,
          idleInTransactionTimeoutMs: limits.idleInTransactionTimeoutMs,
          connectTimeoutMs: limits.databaseConnectTimeoutMs,
        }),
        autoLoadEntities: true,
        // Several nodes may start before their database does; the process manager tries again, not we.
        retryAttempts: 0,
      }),
      dataSourceFactory: openDataSource,
    }),
  ],
  providers: [
    {
      provide: Database,
      inject: [DataSource],
      useFactory: async (source: DataSource) => {
        const database = new Database(source);
        await database.start();
        return database;
      },
    },
  ],
  exports: [Database],
})
export class DatabaseModule {}
