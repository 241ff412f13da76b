export * from './asyncapi';
export * from './events';
export * from './openapi';
export * from './schema';
