import * as z from 'zod';

/** Error codes of the API, with their HTTP status and an English message for programs. Pages translate by code. */
export const errorCodes = {
  invalid: [400, 'The request does not match the contract: see fields.'],
  invalid_text: [400, 'The text is empty or contains characters that are not allowed.'],
  weak_password: [422, 'This password is too easy to guess.'],
  too_long: [422, 'The text is too long.'],
  unauthenticated: [401, 'Log in first: the token is missing or invalid.'],
  token_expired: [401, 'The access token has expired. Refresh it and try again.'],
  wrong_credentials: [401, 'Wrong username or password.'],
  session_ended: [401, 'Session expired. Log in again.'],
  forbidden: [403, "You don't have permission to do this."],
  foreign_origin: [403, 'Requests from other sites are not allowed.'],
  banned: [403, 'You are banned from this conversation.'],
  muted: [403, 'You are muted in this conversation.'],
  not_a_member: [403, 'Join the room first.'],
  members_only: [403, 'This requires an account.'],
  moderators_only: [403, 'Only moderators can post in this room.'],
  archived: [403, 'This room is archived and read-only.'],
  scope_missing: [403, 'The API token lacks the required scope.'],
  not_accepting: [403, "This person isn't accepting this from you."],
  not_found: [404, 'Not found, or not visible to you.'],
  reply_unknown: [404, 'The message to reply to does not exist in this conversation.'],
  unknown_request: [404, 'Unknown request.'],
  username_taken: [409, 'This username, or one that looks like it, is taken.'],
  slug_taken: [409, 'This address, or one that looks like it, is taken.'],
  already_member: [409, 'This account already has a username and a password.'],
  limit_reached: [409, 'The limit is reached.'],
  id_taken: [409, 'This id is already in use.'],
  too_many_reactions: [409, 'This message has the maximum number of different reactions.'],
  invite_ended: [410, 'This invitation is used up, revoked or expired.'],
  person_gone: [410, 'This person deleted their account.'],
  payload_too_large: [413, 'The request is too large.'],
  unsupported_media_type: [415, 'Send the body as application/json.'],
  websocket_blocked: [426, 'A proxy blocks WebSockets: let it forward the headers Upgrade and Connection.'],
  unknown_host: [421, 'This server does not serve that Host: set PUBLIC_URL to the address that users open.'],
  upgrade_required: [426, 'This version is too old for the server. Reload the page.'],
  renamed_too_often: [429, 'The name was changed too often. Try again later.'],
  rate_limited: [429, 'Too many requests. Wait and try again.'],
  slow_mode: [429, 'Slow mode is on. Wait before the next message.'],
  too_many_sockets: [429, 'Too many open connections for this user.'],
  internal: [500, 'Something went wrong on the server.'],
  overloaded: [503, 'The server is busy. Wait and try again.'],
  unavailable: [503, 'The database is unavailable. Try again.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof errorCodes;

export const ErrorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** Error in a REST body (`{error}`) or in an acknowledgement (`{ok: false, error}`). */
export const ErrorBody = z
  .object({
    code: ErrorCode,
    message: z.string().meta({ description: 'An English sentence for programs; pages translate by code.' }),
    fields: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Problem of each field, by path.', example: { body: 'must not be empty' } }),
    retryAfterMs: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Milliseconds to wait before the same request may succeed.' }),
  })
  .meta({ id: 'ErrorBody' });
export type ErrorBody = z.infer<typeof ErrorBody>;

export const ErrorReply = z
  .object({ error: ErrorBody })
  .meta({ id: 'ErrorReply', example: { error: { code: 'not_found', message: errorCodes.not_found[1] } } });

/** Acknowledgement of a socket request. */
export type Reply<T> = { ok: true; data: T } | { ok: false; error: ErrorBody };
