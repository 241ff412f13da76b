export * from './feeds';
export * from './presence';
export { RealtimeModule } from './realtime.module';
