export * from './feed';
export { type ChangeListener, FeedHub } from './feed-hub';
export { FeedsModule } from './feeds.module';
export { Sequencer, type SequencerOptions } from './sequencer';
