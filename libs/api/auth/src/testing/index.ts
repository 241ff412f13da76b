export { registerAuthKinds } from '../auth-personal-kinds';
export { authJsonShapes } from '../row-shapes';
export { decideRefresh, type RefreshState } from '../refresh-rule';
export { type AuthRepositories, authRepositories } from './repositories';
