export { describeRedis, parseRedisUrl, type RedisConfig, type RedisHost } from './redis-url';
