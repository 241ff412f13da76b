import type { ErrorCode } from '@cloudhop/contracts';
import { injectTask, type Task } from '@cloudhop/web/state';

/** Error codes with a text of their own where groups are created and changed; all others have the general one. */
const ownWords: ReadonlySet<ErrorCode> = new Set([
  'limit_reached',
  'not_accepting',
  'forbidden',
  'not_found',
  'too_long',
  'invalid_text',
]);

function problemKey(code: ErrorCode): string {
  return ownWords.has(code) ? `groups.problems.${code}` : `errors.${code}`;
}

/** Returns the runner for requests about a group. Call it in an injection context. */
export function injectGroupTask(): Task {
  return injectTask(({ code }) => problemKey(code));
}
