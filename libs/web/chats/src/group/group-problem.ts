import type { ErrorCode } from '@cloudhop/contracts';
import { injectTask, type Task } from '@cloudhop/web/state';

/** What these codes mean where groups are made and changed; all others mean what they always do. */
const ownWords: ReadonlySet<ErrorCode> = new Set([
  'limit_reached',
  'not_accepting',
  'forbidden',
  'not_found',
  'too_long',
  'invalid_text',
]);

export function problemKey(code: ErrorCode): string {
  return ownWords.has(code) ? `groups.problems.${code}` : `errors.${code}`;
}

/** What the server is asked to do with a group. Call it where `inject` may be called. */
export function injectGroupTask(): Task {
  return injectTask(({ code }) => problemKey(code));
}
