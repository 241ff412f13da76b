export { registerPersonalFeeds } from '../personal-feed.module';
export { personalFeedJsonShapes } from '../row-shapes';
