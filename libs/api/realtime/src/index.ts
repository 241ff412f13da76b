export * from './bus';
export * from './feeds';
export * from './nodes';
export * from './presence';
export * from './status';
export { RealtimeModule } from './realtime.module';
