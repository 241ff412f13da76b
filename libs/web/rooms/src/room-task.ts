import type { ErrorBody, ErrorCode } from '@cloudhop/contracts';
import { injectTask, type Task } from '@cloudhop/web/state';

/** Error codes with a text of their own where rooms are created and changed; all others have the general one. */
const ownWords: ReadonlySet<ErrorCode> = new Set([
  'limit_reached',
  'not_accepting',
  'forbidden',
  'not_found',
  'too_long',
  'invalid_text',
]);

export function problemKey({ code }: Pick<ErrorBody, 'code'>): string {
  return ownWords.has(code) ? `rooms.problems.${code}` : `errors.${code}`;
}

/** Returns the runner for requests about a room. Call it in an injection context. */
export function injectRoomTask(): Task {
  return injectTask(problemKey);
}
