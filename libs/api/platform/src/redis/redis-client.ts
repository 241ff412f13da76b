import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import { limits } from '../limits';
import type { RedisConfig } from './redis-url';

export type RedisClient = Redis | Cluster;

/**
 * Makes a client that never throws by itself, never queues commands while it is disconnected, and reconnects for as
 * long as it lives. Every command may reject: catch each one. Call `connect`, and `disconnect` in the end. `name`
 * appears in CLIENT LIST.
 */
export function createRedisClient(config: RedisConfig, name: string): RedisClient {
  const client = config.kind === 'cluster' ? aCluster(config, name) : aServer(config, name);
  // An error event without a listener ends the process. Listeners of the owner come in addition.
  client.on('error', () => undefined);
  return client;
}

function aServer(config: RedisConfig, name: string): Redis {
  const options: RedisOptions = {
    ...connectionOptions(config, name),
    db: config.db,
    retryStrategy: reconnectDelay,
    // A server that became a replica refuses writes: connect again, to the new primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  if (config.kind === 'server') {
    const [{ host, port }] = config.hosts;
    return new Redis({ ...options, host, port });
  }
  return new Redis({
    ...options,
    sentinels: config.hosts.map((host) => ({ ...host })),
    name: config.primaryName!,
    sentinelRetryStrategy: reconnectDelay,
    sentinelReconnectStrategy: reconnectDelay,
    sentinelCommandTimeout: limits.redisSilentMs,
    ...(config.username !== undefined && { sentinelUsername: config.username }),
    ...(config.password !== undefined && { sentinelPassword: config.password }),
    ...(config.isTls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
}

function aCluster(config: RedisConfig, name: string): Cluster {
  const options: ClusterOptions = {
    lazyConnect: true,
    enableOfflineQueue: false,
    shardedSubscribers: true,
    clusterRetryStrategy: reconnectDelay,
    maxRedirections: 3,
    slotsRefreshTimeout: limits.redisConnectMs,
    redisOptions: connectionOptions(config, name),
  };
  return new Cluster(
    config.hosts.map((host) => ({ ...host })),
    options,
  );
}

function connectionOptions(config: RedisConfig, name: string): RedisOptions {
  return {
    lazyConnect: true,
    connectionName: `cloudhop-${name}`,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // The client would subscribe again without catching a failure: the owner does it.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    connectTimeout: limits.redisConnectMs,
    // A paused server keeps its connections: one that answers nothing is cut.
    socketTimeout: limits.redisSilentMs,
    disconnectTimeout: limits.redisConnectMs,
    keepAlive: limits.redisSilentMs,
    ...(config.username !== undefined && { username: config.username }),
    ...(config.password !== undefined && { password: config.password }),
    ...(config.isTls && { tls: {} }),
  };
}

/** Returns milliseconds until the next try, with jitter: all nodes lose Redis at the same time. */
function reconnectDelay(tries: number): number {
  const most = Math.min(limits.redisReconnectMs, 50 * 2 ** Math.min(tries, 10));
  return Math.round(most * (0.5 + Math.random() / 2));
}
