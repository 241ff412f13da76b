export * from './node-bus';
export { BusModule } from './bus.module';
