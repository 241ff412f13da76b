import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, MoreThan, type Repository } from 'typeorm';
import type { RefreshState } from './refresh-rule';
import { authRowShapes } from './row-shapes';
import { SessionEntity, type SessionEnd } from './session.entity';
import { userColumns, type UserRow } from './user-mapping';

export interface NewGuest {
  userId: string;
  sessionId: string;
  tag: string;
  displayName: string | undefined;
  /** Label of the device. */
  label: string;
  /** Keyed hash of the address. */
  addressKey: string | undefined;
  /** From now on the database's clock. */
  sessionMs: number;
}

export interface NewSession {
  sessionId: string;
  userId: string;
  /** The hash that was verified; null for a guest. */
  passwordHash: string | null;
  label: string;
  sessionMs: number;
}

/** A session and its user as they are now. */
export interface LiveSession extends UserRow {
  isLive: boolean;
  /** Successor of a replaced session, which is live until the overlap ends; null for any other. */
  replacedBy: string | null;
}

export interface RefreshableSession extends LiveSession, RefreshState {
  /** Milliseconds on the database's clock, when the row was read. */
  now: number;
}

/** Reason for which the sockets of a session are cut. */
export type CutReason = SessionEnd | 'replaced';

/** A row of session_end_v1. */
export interface EndedSessionRow {
  user_id: string;
  /** The personal rev of the change. */
  rev: number;
}

const isLiveSql = 's.ended_at is null and s.expires_at > clock_timestamp() and u.anonymised_at is null';
/** The overlap of a replaced session: until its successor's token is presented, so that a lost answer costs nothing. */
const isInOverlapSql = (overlapMs: string) =>
  `s.replaced_at > clock_timestamp() - ${overlapMs}::float8 * interval '1 millisecond'
   and exists (select from sessions r where r.id = s.replaced_by and r.presented = 0 and r.ended_at is null)`;

/** A replaced session that was ended for another reason, or whose user was deleted, has no successor. */
const successorSql = 'case when s.end_reason is null and u.anonymised_at is null then s.replaced_by end';

/**
 * Columns of LiveSession. A session is live until it is ended or expires, or its user is deleted; a replaced one for
 * the overlap.
 */
const liveColumns = (overlapMs: string) => `${successorSql} as "replacedBy",
  ${isLiveSql} and (s.replaced_by is null or (${isInOverlapSql(overlapMs)})) as "isLive"`;

const endedSession = selectList(authRowShapes.session_end_v1);

const milliseconds = (time: string) => `(extract(epoch from ${time}) * 1000)::float8`;

@Injectable()
export class SessionsRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(SessionEntity) private readonly sessions: Repository<SessionEntity>,
  ) {}

  /**
   * Creates a guest with a session, in one statement, and bans them where a guest of the same address is banned. Returns
   * undefined if the tag is taken, or is a username.
   */
  async createGuest(guest: NewGuest): Promise<UserRow | undefined> {
    const [row] = await this.database.query<UserRow>(
      `with u as (
         insert into users (id, kind, display_name, tag, address_key)
         select $1, 'guest', $2, $3, $7
         -- Usernames of six hexadecimal digits are no longer given, but some were.
         where not exists (select from users m where m.username_key = $3)
         on conflict (tag) where tag is not null do nothing
         returning id, kind, display_name, tag, username, profile_rev, avatar_color
       ), head as (
         insert into personal_heads (user_id) select id from u
       ), session as (
         insert into sessions (id, user_id, expires_at, label)
         select $4, u.id, clock_timestamp() + $5 * interval '1 millisecond', $6 from u
       )
       select ${userColumns} from u, guest_bans_v1(u.id, $7, $8)`,
      [
        guest.userId,
        guest.displayName ?? null,
        guest.tag,
        guest.sessionId,
        guest.sessionMs,
        guest.label,
        guest.addressKey ?? null,
        limits.addressBansOfGuest,
      ],
    );
    return row;
  }

  /** Returns a session with its user, and whether it is live. Authorises every access token, by two primary keys. */
  async find(sessionId: string, userId: string): Promise<LiveSession | undefined> {
    const [row] = await this.database.prepared<LiveSession>(
      'auth_session',
      `select ${userColumns}, ${liveColumns('$3')} from sessions s join users u on u.id = s.user_id
       where s.id = $1 and s.user_id = $2`,
      [sessionId, userId, limits.refreshOverlapMs],
    );
    return row;
  }

  async findRefreshable(sessionId: string): Promise<RefreshableSession | undefined> {
    const [row] = await this.database.query<RefreshableSession>(
      `select ${userColumns}, ${liveColumns('$2')}, s.presented, ${milliseconds('clock_timestamp()')} as now,
         array(select ${milliseconds('p.at')} from unnest(s.presentations) with ordinality as p(at, i) order by p.i) as presentations
       from sessions s join users u on u.id = s.user_id where s.id = $1`,
      [sessionId, limits.refreshOverlapMs],
    );
    return row;
  }

  /**
   * Stores the state that decideRefresh returned, if the stored `presented` is still `expected`, and extends the
   * session. Returns false if another request was first. Compares instead of locking, so that no lock is held between
   * two statements.
   */
  async advance(sessionId: string, expected: number, state: RefreshState, sessionMs: number): Promise<boolean> {
    const rows = await this.database.query<{ id: string }>(
      `update sessions set presented = $3, last_used_at = clock_timestamp(),
         presentations = array(select to_timestamp(p.at / 1000) from unnest($4::float8[]) with ordinality as p(at, i) order by p.i),
         expires_at = clock_timestamp() + $5 * interval '1 millisecond'
       where id = $1 and presented = $2 and ended_at is null and expires_at > clock_timestamp()
       returning id`,
      [sessionId, expected, state.presented, state.presentations, sessionMs],
    );
    return rows.length > 0;
  }

  /**
   * Records that a user was seen, and for a guest the address, unless that was recorded within the last `intervalMs`.
   */
  async see(userId: string, intervalMs: number, addressKey: string | undefined): Promise<void> {
    await this.database.query(
      `update users set last_seen_at = clock_timestamp(), address_key = case when kind = 'guest' then coalesce($3, address_key) end
       where id = $1 and anonymised_at is null and last_seen_at < clock_timestamp() - $2 * interval '1 millisecond'`,
      [userId, intervalMs, addressKey ?? null],
    );
  }

  /** Ends a session. Returns undefined if it had ended before. */
  async end(sessionId: string, reason: SessionEnd): Promise<{ userId: string; rev: number } | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<EndedSessionRow>(`select ${endedSession} from session_end_v1($1, $2)`, [sessionId, reason]),
    );
    return row && { userId: row.user_id, rev: row.rev };
  }

  /** Begins a session if the password hash is still the one that was verified. Returns undefined otherwise. */
  async begin(session: NewSession): Promise<{ rev: number } | undefined> {
    const { sessionId, userId, passwordHash, label, sessionMs } = session;
    const [row] = await this.database.retrying(() =>
      this.database.query<{ rev: number }>('select rev from session_begin_v1($1, $2, $3, $4, $5)', [
        sessionId,
        userId,
        passwordHash,
        label,
        sessionMs,
      ]),
    );
    return row;
  }

  /** Returns the ids of the user's sessions that `successorId` has replaced. */
  async replacedBy(userId: string, successorId: string): Promise<string[]> {
    const where = { user_id: userId, replaced_by: successorId };
    return (await this.sessions.find({ select: { id: true }, where })).map(({ id }) => id);
  }

  /** Returns true if `successorId` replaced `sessionId`, of the same user. */
  isReplaced(sessionId: string, successorId: string, userId: string): Promise<boolean> {
    return this.sessions.existsBy({ id: sessionId, user_id: userId, replaced_by: successorId });
  }

  /** Returns the live sessions of a user, the latest used first. */
  list(userId: string, limit: number): Promise<SessionEntity[]> {
    return this.sessions.find({
      where: { user_id: userId, ended_at: IsNull(), replaced_by: IsNull(), expires_at: MoreThan(new Date()) },
      order: { last_used_at: 'DESC' },
      take: limit,
    });
  }

  /**
   * Returns the sessions whose sockets must be cut: ended, expired or unknown ones, those of deleted users, and replaced
   * ones after the overlap, but for the `socketMoveMs` after their successor's token was last presented.
   */
  endedAmong(sessionIds: readonly string[], socketMoveMs: number): Promise<{ id: string; reason: CutReason }[]> {
    return this.database.prepared<{ id: string; reason: CutReason }>(
      'auth_ended_sessions',
      `select x.id, coalesce(
         s.end_reason,
         case when ${successorSql} is not null then 'replaced' when s.expires_at <= clock_timestamp() then 'expired' else 'revoked' end
       ) as reason
       from unnest($1::uuid[]) as x(id) left join sessions s on s.id = x.id left join users u on u.id = s.user_id
       where (${isLiveSql}) is not true
         or (s.replaced_by is not null and not (${isInOverlapSql('$2')}) and not exists (
           select from sessions r
           where r.id = s.replaced_by and r.presented > 0
             and r.last_used_at > clock_timestamp() - $3::float8 * interval '1 millisecond'
         ))`,
      [sessionIds, limits.refreshOverlapMs, socketMoveMs],
    );
  }

  async findEndReason(sessionId: string): Promise<SessionEnd | undefined> {
    const session = await this.sessions.findOne({ select: { end_reason: true }, where: { id: sessionId } });
    return session?.end_reason ?? undefined;
  }
}
