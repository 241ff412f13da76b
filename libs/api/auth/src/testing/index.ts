export { decideRefresh, type RefreshState } from '../refresh-rule';
