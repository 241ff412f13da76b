export * from './feeds';
export * from './nodes';
export * from './presence';
export { RealtimeModule } from './realtime.module';
