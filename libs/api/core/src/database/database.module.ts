import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ENV, type Env } from '../env';
import { limits } from '../limits';
import { dataSourceOptions, openDataSource } from './connect';
import { Database } from './database';

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
