export * from './log-node';
export * from './lock-waits';
export * from './room';
export { BoundedTimes1800000013001 } from '../migrations/bounded-times';
export type { MarkChange } from '../member-marks.repository';
export * from '../membership-rows';
export { hashOf } from '../previews/link-previews.service';
export { conversationsJsonShapes } from '../row-shapes';
export * from '../rows';
