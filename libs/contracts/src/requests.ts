import type * as z from 'zod';
import { authRequests } from './auth/requests';
import { connectionRequests } from './connection/requests';
import { conversationRequests } from './conversations/requests';
import type { ErrorCode } from './errors';
import { friendRequests } from './friends/requests';
import { presenceRequests } from './presence/requests';
import type { RequestWork } from './request-row';
import { roomRequests } from './rooms/requests';
import { syncRequests } from './sync/requests';

/** Errors that any socket request can return, besides those of its row. */
export const commonErrors = [
  'invalid',
  'rate_limited',
  'overloaded',
  'unavailable',
  'session_ended',
  'internal',
] as const satisfies ErrorCode[];

/** Every request of the socket. Each is acknowledged with `Reply<its reply>` and has exactly one handler. */
export const requests = {
  ...authRequests,
  ...syncRequests,
  ...conversationRequests,
  ...roomRequests,
  ...friendRequests,
  ...presenceRequests,
  ...connectionRequests,
} as const;

export type RequestName = keyof typeof requests;

/** Payload that a client sends: before defaults and normalisation. */
export type RequestInput<N extends RequestName> = z.input<(typeof requests)[N]['payload']>;

/** Payload that a handler receives: after validation. */
export type RequestPayload<N extends RequestName> = z.output<(typeof requests)[N]['payload']>;

export type RequestReply<N extends RequestName> = z.output<(typeof requests)[N]['reply']>;

const works = Object.entries(requests).map(([name, { work }]) => [name, work]);
/** Kind of work of every request. */
export const requestWork = Object.fromEntries(works) as Readonly<Record<RequestName, RequestWork>>;
