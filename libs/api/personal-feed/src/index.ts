export { PersonalFeedKinds, type PersonalSnapshot } from './personal-feed-kinds';
export { PersonalFeedModule } from './personal-feed.module';
export { PersonalFeedPublisher, writtenState } from './personal-feed.publisher';
export { PersonalFeedRepository } from './personal-feed.repository';
export { personalFeedRowShapes } from './row-shapes';
export type { ChangeRow, PersonalFeedRow } from './rows';
