import { personalFeed } from '@cloudhop/api/realtime';
import { decideRefresh } from '@cloudhop/api/auth/testing';
import type { Session } from '@cloudhop/contracts';
import type { SessionRow } from '@cloudhop/sdk/testing';
import type { NodePart, WorldPart } from './parts';
import { Refusal, type Task, statement } from './tasks';

const accessTokenMs = 600_000;
const rule = { overlapMs: 60_000, uses: 64 };

/** Contents of the refresh cookie: the session, and the number of its token. */
export interface Cookie {
  readonly sessionId: string;
  readonly number: number;
}

/** Contents of a bearer token. */
export interface Bearer {
  userId: string;
  sessionId: string;
  expiresAt: number;
}

function toToken({ userId, sessionId, expiresAt }: Bearer): string {
  return `${userId} ${sessionId} ${expiresAt}`;
}

export interface Grant {
  readonly session: Session;
  readonly cookie: Cookie;
}

/** Sessions over the model's rows, by the real rule of refresh tokens. */
export class SimulatedSessions {
  constructor(private readonly world: WorldPart) {}

  /** The guest that the cookie already is, else a new one. */
  *guest(node: NodePart, cookie: Cookie | undefined): Task<Grant> {
    if (cookie) {
      const grant = yield* this.#present(node, cookie);
      if (grant) return grant;
    }
    const { world } = this;
    const userId = world.nextId();
    const sessionId = world.nextId();
    return yield* statement((database): Grant => {
      const tag = (database.users.size + 1).toString(16).padStart(6, '0');
      database.addUser({ id: userId, kind: 'guest', displayName: `Guest ${tag}`, profileRev: 1, tag });
      database.beginSession(sessionId, userId);
      return this.#grant(userId, sessionId, 1);
    });
  }

  *refresh(node: NodePart, cookie: Cookie | undefined): Task<Grant> {
    if (!cookie) throw new Refusal('unauthenticated');
    const grant = yield* this.#present(node, cookie);
    if (!grant) throw new Refusal('session_ended');
    return grant;
  }

  *end(node: NodePart, sessionId: string): Task<void> {
    const ended = yield* statement((database) => database.endSession(sessionId));
    if (!ended) return;
    const { userId, feedRev: rev } = ended;
    const change = { kind: 'session' as const, rev, sessionId, state: 'ended' as const };
    node.feeds.publish({ feed: personalFeed(userId), fromRev: rev - 1, toRev: rev, changes: [change], users: [] });
  }

  *#present(node: NodePart, { sessionId, number }: Cookie): Task<Grant | undefined> {
    const result = yield* statement((database): Grant | 'reuse' | undefined => {
      const session = database.sessions.get(sessionId);
      if (!session || session.isEnded) return undefined;
      const decision = decideRefresh(session, number, this.world.clock.now, rule);
      if (decision.kind === 'reuse') return 'reuse';
      if (decision.kind === 'advance')
        database.sessions.set(sessionId, { ...session, ...decision.state } satisfies SessionRow);
      return this.#grant(session.userId, sessionId, decision.answer);
    });
    if (result !== 'reuse') return result;
    yield* this.end(node, sessionId);
    return undefined;
  }

  #grant(userId: string, sessionId: string, number: number): Grant {
    const expiresAt = this.world.clock.now + accessTokenMs;
    const { user } = this.world.database.users.get(userId)!;
    return {
      session: {
        user,
        accessToken: toToken({ userId, sessionId, expiresAt }),
        expiresAt: new Date(expiresAt).toISOString(),
      },
      cookie: { sessionId, number },
    };
  }
}
