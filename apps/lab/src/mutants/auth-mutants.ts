import { type Catcher, type Mutant, edit } from './mutant';

const auth = (name: string) => `libs/api/auth/src/${name}`;
const memberSessions: Catcher = { kind: 'spec', project: 'db', file: auth('member-sessions.db.spec.ts') };
const tries: Catcher = { kind: 'spec', project: 'unit', file: auth('log-in-tries.spec.ts') };

/** Mutants of sessions, registering and the throttle of wrong passwords. */
export const authMutants: readonly Mutant[] = [
  {
    name: 'guest-cookie-is-the-member',
    broken: 'the cookie of a guest who registered stays good after the new one was presented',
    edits: edit(auth('sessions.repository.ts'), 'r.presented = 0 and ', ''),
    catcher: memberSessions,
  },
  {
    name: 'guest-sockets-stay',
    broken: 'sockets of a session that was replaced stay after the new token was presented',
    edits: edit(
      auth('session-cuts.service.ts'),
      'for (const socket of this.#silence(sessionId)) socket.disconnect(true);',
      '',
    ),
    catcher: memberSessions,
  },
  {
    name: 'code-is-the-member',
    broken: 'whoever came in by a recovery code of the guest stays in the account',
    edits: edit(auth('sql/user_register_v2.sql'), 'where s.id = any (v_ended);', 'where false;'),
    catcher: memberSessions,
  },
  {
    name: 'replaced-tab-forgets',
    broken: 'the token of a replaced session is called ended, and its page forgets everything',
    edits: edit(
      auth('access-tokens.service.ts'),
      "throw new DomainError(isReplaced ? 'token_expired' : 'session_ended');",
      "throw new DomainError('session_ended');",
    ),
    catcher: memberSessions,
  },
  {
    name: 'script-gets-cookie-token',
    broken: 'a script is answered the next refresh token of the cookie',
    edits: edit(
      auth('auth.controller.ts'),
      'if (refreshToken === undefined) return readCookie(this.#cookie, request);',
      'if (refreshToken === undefined || refreshToken === null) return readCookie(this.#cookie, request);',
    ),
    catcher: { kind: 'spec', project: 'db', file: auth('auth.http.db.spec.ts'), test: 'a script never gets' },
  },
  {
    name: 'token-outlives-password',
    broken: 'a session that ends with the former password leaves an API token behind',
    edits: edit(
      auth('api-tokens.repository.ts'),
      'where s.id = $8 and s.ended_at is null for share of s',
      'where s.id = $8',
    ),
    catcher: { kind: 'spec', project: 'db', file: auth('accounts.http.db.spec.ts'), test: 'leaves no token' },
  },
  {
    name: 'right-password-is-a-try',
    broken: 'a right password stays counted as a try',
    edits: edit(
      auth('local-tries.ts'),
      'for (const { map, key, waitUntil } of counted) takeBack(map, key, tries, waitUntil);',
      '',
    ),
    catcher: tries,
  },
  {
    name: 'strangers-lock-out',
    broken: 'what strangers tried counts on a device that the owner used',
    edits: edit(auth('log-in-tries.ts'), "if (deviceId !== undefined) return { own: keyOf('device', deviceId) };", ''),
    catcher: tries,
  },
  {
    name: 'names-not-counted',
    broken: 'an address that tries many names is not delayed',
    edits: edit(auth('local-tries.ts'), "if (stranger && outcome === 'wrong') this.#addWrongName(stranger);", ''),
    catcher: tries,
  },
];
