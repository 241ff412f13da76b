import * as z from 'zod';

/** Error codes of the API, with their HTTP status and an English message for programs. Pages translate by code. */
export const errorCodes = {
  invalid: [400, 'Something in this request is not as the contract says; see fields.'],
  invalid_text: [400, 'The text is empty or holds characters that cannot be kept.'],
  weak_password: [422, 'This password is one of the first that anybody would try.'],
  too_long: [422, 'The text is too long.'],
  unauthenticated: [401, 'Sign in first: the token is missing or not valid.'],
  token_expired: [401, 'The access token has expired: refresh it and try again.'],
  wrong_credentials: [401, 'The name or the password is not right.'],
  session_ended: [401, 'This session has ended: sign in again.'],
  forbidden: [403, 'You may not do this.'],
  foreign_origin: [403, 'This address may not be used from another site.'],
  banned: [403, 'You were banned from this conversation.'],
  muted: [403, 'You are muted in this conversation.'],
  not_a_member: [403, 'Join the room first.'],
  members_only: [403, 'Guests may not do this: it takes an account.'],
  moderators_only: [403, 'Only moderators write in this room.'],
  archived: [403, 'This room is archived: it can be read, and nothing changes any more.'],
  scope_missing: [403, 'This token was not made for that: it lacks the scope.'],
  not_accepting: [403, 'This person does not take this from you.'],
  not_found: [404, 'There is no such thing, or you may not see it.'],
  reply_unknown: [404, 'The message that this one answers was never said in this conversation.'],
  unknown_request: [404, 'The server knows no such request.'],
  username_taken: [409, 'This name, or one that looks like it, belongs to someone.'],
  slug_taken: [409, 'This address, or one that looks like it, belongs to another room.'],
  already_member: [409, 'This account has a name and a password already.'],
  limit_reached: [409, 'There are as many of these as there may be.'],
  id_taken: [409, 'This id already belongs to something else.'],
  too_many_reactions: [409, 'This message has as many different reactions as it can hold.'],
  invite_ended: [410, 'This invitation was used up, taken back, or is too old.'],
  person_gone: [410, 'This person is not here any more.'],
  payload_too_large: [413, 'The request is too large.'],
  unsupported_media_type: [415, 'Send the body as application/json.'],
  websocket_blocked: [
    426,
    'A proxy in between does not pass WebSockets: let it pass the headers Upgrade and Connection.',
  ],
  unknown_host: [421, 'This server does not answer to that Host: set PUBLIC_URL to the address that people type.'],
  upgrade_required: [426, 'This version is too old to talk to the server: load the page again.'],
  renamed_too_often: [429, 'The name has been changed as often as it may be for now.'],
  rate_limited: [429, 'That was too fast: wait and try again.'],
  slow_mode: [429, 'Slow mode is on: wait before the next message.'],
  too_many_sockets: [429, 'Too many connections are open for this user.'],
  internal: [500, 'Something went wrong on the server.'],
  overloaded: [503, 'The server is busy: wait and try again.'],
  unavailable: [503, 'The database is away for the moment: try again.'],
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
      .meta({ description: 'What is wrong, by path of the field.', example: { body: 'must not be empty' } }),
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
