import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSourceOptions } from 'typeorm';
import { DataSource } from 'typeorm';
import { ENV, type Env } from '../env';
import { limits } from '../limits';
import { ConfigurationError } from '../configuration-error';
import { connectionProblem, dataSourceOptions, unsafeSettings } from './connect';
import { Database } from './database';

/** Opens the pool. Refuses a database that may forget what it acknowledged. The schema was migrated before (`migrate`). */
async function openDataSource(options: DataSourceOptions | undefined): Promise<DataSource> {
  if (options?.type !== 'postgres' || options.url === undefined) throw new ConfigurationError('Set DATABASE_URL.');
  let source: DataSource;
  try {
    source = await new DataSource(options).initialize();
  } catch (error) {
    throw new ConfigurationError(connectionProblem(error), { cause: error });
  }
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
