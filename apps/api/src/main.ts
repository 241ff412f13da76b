// First: schemas take their bounds from the limits when they are loaded.
import { env, fail, overridden } from './configure';
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import {
  ConfigurationError,
  Draining,
  type Env,
  OpenConnections,
  configureHttp,
  createLogger,
  eventLog,
  limits,
  version,
} from '@cloudhop/api/platform';
import { migrate } from '@cloudhop/api/database';
import { schema } from '@cloudhop/api/schema';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';

const log = eventLog('process');

async function listen(app: NestExpressApplication, env: Env): Promise<string> {
  try {
    await app.listen(env.PORT, env.HOST);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new ConfigurationError(`Port ${env.PORT} is taken: stop the program that uses it, or choose another PORT.`);
    if (code === 'EACCES') throw new ConfigurationError(`Port ${env.PORT} needs root: choose a PORT above 1023.`);
    if (code === 'EADDRNOTAVAIL') throw new ConfigurationError(`HOST=${env.HOST} is not an address of this machine.`);
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST}:${port}`;
}

/** Shuts down once, on a signal, on the exit of the parent, or on an uncaught error. Only SIGTERM waits for load balancers. */
function stopInOrder(app: NestExpressApplication): void {
  const connections = new OpenConnections(app.getHttpServer());
  let isStopping = false;
  const stop = (reason: string, exitCode: number, waitMs = 0) => {
    // A second signal ends the wait for load balancers.
    if (isStopping) return void app.get(Draining).drain(reason);
    isStopping = true;
    setTimeout(() => {
      log.warn('stop_timed_out');
      process.exit(exitCode);
    }, waitMs + limits.stopMs).unref();
    app
      .get(Draining)
      .drain(reason, waitMs)
      .then(() => close(app, connections))
      .then(() => log.info('stopped'))
      .catch((error: unknown) => log.error('close_failed', error))
      .finally(() => process.exit(exitCode));
  };
  process.on('SIGTERM', () => stop('SIGTERM', 0, env.DRAIN_DELAY_MS));
  process.on('SIGINT', () => stop('SIGINT', 0));
  process.on('disconnect', () => stop('parent', 0));
  // It may have gone while this process was starting: false means there was a parent.
  if (process.connected === false) stop('parent', 0);
  // The state of the process is unknown now: what waits for its commit still gets it, then another process takes over.
  const crash = (error: unknown) => {
    log.error('uncaught', error);
    stop('uncaught', 1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}

/** Closes the application, whose hooks wait for every connection: those that stay are closed after limits.closeMs. */
async function close(app: NestExpressApplication, connections: OpenConnections): Promise<void> {
  const timer = setTimeout(() => connections.closeAll(), limits.closeMs);
  await app.close();
  clearTimeout(timer);
}

async function main(): Promise<void> {
  // Nest has no logger yet.
  const starting = createLogger(env.LOG_LEVEL);
  await migrate(env.DATABASE_URL, schema, (event, fields) => starting.info({ event, ...fields }));
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    bodyParser: false,
    // A start that fails says one sentence, at the end of this file, and not what Nest would say of it before.
    bufferLogs: true,
    autoFlushLogs: false,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.flushLogs();
  if (overridden.length > 0) log.warn('limits_overridden', { names: overridden.join(' ') });
  configureHttp(app, version);
  stopInOrder(app);
  const url = await listen(app, env);
  log.info('listening', { url });
  process.send?.({ type: 'ready', url });
}

main().catch(fail);
