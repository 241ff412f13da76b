export { createRedisClient, type RedisClient } from './redis-client';
export { problemOf, problemOfInfo, redisProblem, type RedisProblem, type RedisProblemCode } from './redis-problem';
export { describeRedis, parseRedisUrl, type RedisConfig, type RedisHost } from './redis-url';
