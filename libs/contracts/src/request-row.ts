import * as z from 'zod';
import type { ErrorCode } from './errors';

export const Done = z.object({}).meta({ description: 'Empty object: the request has succeeded.' });

/**
 * Kind of work that a request causes, which decides how it is bounded.
 *
 * - read: charged by rows and bytes; doesn't begin once its client has disconnected
 * - connection: concerns the socket only; doesn't begin once the socket has closed
 * - write: runs once it has arrived, even if its client has disconnected
 * - commit: a write that waits for a group commit of the log
 * - latest: a write whose latest value replaces earlier ones; it waits without a permit
 */
export type RequestWork = 'read' | 'connection' | 'write' | 'commit' | 'latest';

interface RequestRow<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  work: RequestWork;
  summary: string;
  payload: P;
  reply: R;
  errors: readonly ErrorCode[];
}

export const request = <P extends z.ZodType, R extends z.ZodType>(row: RequestRow<P, R>) => row;
