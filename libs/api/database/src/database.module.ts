import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ENV, type Env, limits, Readiness } from '@cloudhop/api/platform';
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
          answerTimeoutMs: limits.statementTimeoutMs + limits.databaseAnswerMarginMs,
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
export class DatabaseModule implements OnModuleInit {
  constructor(
    private readonly readiness: Readiness,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.readiness.addCheck('database', () => this.database.query('select 1'));
  }
}
