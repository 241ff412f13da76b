import { type AvatarColor, limits as wire } from '@cloudhop/contracts';
import { DomainError } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, type FindOptionsWhere, IsNull, MoreThan, Not, type Repository } from 'typeorm';
import { FormerNameEntity } from './former-name.entity';
import { type PersonalFeedRow, personalFeedRowShapes } from '@cloudhop/api/personal-feed';
import { authRowShapes } from './row-shapes';
import type { SessionEnd } from './session.entity';
import type { UserRow } from './user-mapping';
import { UserEntity } from './user.entity';

/** A row of profile_change_v1. */
export interface ProfileVerdict {
  verdict: 'changed' | 'same' | 'refused';
  retry_after_ms: number | null;
  /** The personal rev of the change. */
  rev: number | null;
  author: UserRow;
}

export interface Registered {
  verdict: 'registered' | 'taken' | 'member';
  rev: number | null;
  /** Ids of the user's other sessions, which have ended; null unless registered. */
  ended: string[] | null;
}

export interface NewName {
  username: string;
  key: string;
  skeleton: string;
  passwordHash: string;
}

/** The session that registers, and the one that replaces it. */
export interface SessionSuccession {
  sessionId: string;
  successorId: string;
  /** Lifetime of the successor. */
  sessionMs: number;
}

/** Password hashes before and after, and what outlives the former password. */
export interface PasswordChange {
  before: string;
  after: string;
  keptSessionId: string;
  keepsTokens: boolean;
}

export interface UsedCode {
  id: string;
  /** Absent for a guest. */
  passwordHash: string | null;
  /** Changes to publish, of sessions that ended with the former password. */
  written: PersonalFeedRow[];
}

export interface Credentials {
  id: string;
  key: string;
  passwordHash: string;
}

const dayMs = 24 * 3_600_000;

const writtenColumns = selectList(personalFeedRowShapes.personal_told_v1);
const profileVerdict = selectList(authRowShapes.profile_change_v1);

@Injectable()
export class UsersRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    @InjectRepository(FormerNameEntity) private readonly names: Repository<FormerNameEntity>,
  ) {}

  /** One parameter for all ids, so that the statement has one text however many there are. */
  find(ids: readonly string[]): Promise<UserEntity[]> {
    return this.users.findBy({ id: Any([...ids]) });
  }

  /** Changes a profile. Returns undefined for a deleted user. */
  async changeProfile(userId: string, name?: string, color?: AvatarColor): Promise<ProfileVerdict | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<ProfileVerdict>(`select ${profileVerdict} from profile_change_v1($1, $2, $3, $4, $5, $6)`, [
        userId,
        name ?? null,
        color ?? null,
        wire.guestNames,
        wire.memberNamesPerDay,
        dayMs,
      ]),
    );
    return row;
  }

  /** Anonymises a user. Returns the changes to publish; none for a deleted user. */
  forget(userId: string, reason: SessionEnd): Promise<PersonalFeedRow[]> {
    return this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${writtenColumns} from user_forget_v1($1, $2)`, [userId, reason]),
    );
  }

  /** Returns the names that a user gave up within the time, the latest first. */
  async formerNames(userId: string, withinMs: number, limit: number): Promise<{ name: string; until: Date }[]> {
    const rows = await this.names.find({
      where: { user_id: userId, name: Not(IsNull()), until: MoreThan(new Date(Date.now() - withinMs)) },
      order: { until: 'DESC' },
      take: limit,
    });
    return rows.map(({ name, until }) => ({ name: name!, until }));
  }

  /** Finds the user with this username, case folded; nothing for a deleted one. */
  async findByUsername(key: string): Promise<UserEntity | undefined> {
    return (await this.users.findOneBy({ username_key: key, anonymised_at: IsNull() })) ?? undefined;
  }

  /**
   * Turns a guest into a member, and replaces the session. Returns undefined for a deleted user or an ended session.
   */
  async register(userId: string, name: NewName, session: SessionSuccession): Promise<Registered | undefined> {
    const [row] = await this.database.retrying(() =>
      this.database.query<Registered>(
        'select verdict, rev, ended from user_register_v2($1, $2, $3, $4, $5, $6, $7, $8)',
        [
          userId,
          session.sessionId,
          session.successorId,
          name.username,
          name.key,
          name.skeleton,
          name.passwordHash,
          session.sessionMs,
        ],
      ),
    );
    return row;
  }

  /** Finds the credentials of a username, case folded. Returns undefined without a password. */
  findCredentials(key: string): Promise<Credentials | undefined> {
    return this.#credentials({ username_key: key });
  }

  /** Finds the credentials of a user. Returns undefined for a guest. */
  findOwnCredentials(userId: string): Promise<Credentials | undefined> {
    return this.#credentials({ id: userId });
  }

  /** Returns true if a username, or one that looks like it, belongs to somebody. */
  async isTaken(key: string, skeleton: string, looks: readonly string[]): Promise<boolean> {
    if (await this.users.existsBy([{ username_key: key }, { username_skeleton: skeleton }])) return true;
    const [row] = await this.database.query<{ is_taken: boolean }>(
      'select username_is_taken_v1(null, $1) as is_taken',
      [looks],
    );
    return row!.is_taken;
  }

  /**
   * Claims the looks of a username for a user who is about to register. Returns false if it looks like somebody else's.
   */
  async claimLooks(userId: string, looks: readonly string[]): Promise<boolean> {
    const [row] = await this.database.retrying(() =>
      this.database.query<{ is_ours: boolean }>('select username_claim_v1($1, $2) as is_ours', [userId, looks]),
    );
    return row!.is_ours;
  }

  /** Returns at most `limit` usernames whose looks are not stored. */
  withoutLooks(limit: number): Promise<{ id: string; username: string }[]> {
    return this.database.query<{ id: string; username: string }>(
      `select u.id, u.username from users u
       where u.username is not null and not exists (select from username_looks l where l.user_id = u.id) limit $1`,
      [limit],
    );
  }

  async addLooks(rows: readonly { user_id: string; look: string }[]): Promise<void> {
    await this.database.query(
      `insert into username_looks (user_id, look)
       select r.user_id, r.look from json_to_recordset($1) as r(user_id uuid, look text)
       join users u on u.id = r.user_id and u.username is not null
       on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Replaces a user's recovery codes. `passwordHash` is the user's as it was read before; null for a guest. Throws
   * session_ended if it is another by now (also of a guest who has registered), and for a deleted user.
   */
  replaceRecoveryCodes(userId: string, passwordHash: string | null, hashes: readonly Buffer[]): Promise<void> {
    return this.database.transaction(async (client) => {
      const { rowCount } = await client.query(
        `select from users u
         where u.id = $1 and u.anonymised_at is null and u.password_hash is not distinct from $2
         for no key update`,
        [userId, passwordHash],
      );
      if (rowCount === 0) throw new DomainError('session_ended');
      // A statement of its own: it sees the codes that the former holder of the lock has written.
      await client.query('delete from recovery_codes where user_id = $1', [userId]);
      await client.query('insert into recovery_codes (code_hash, user_id) select h, $1 from unnest($2::bytea[]) h', [
        userId,
        hashes,
      ]);
    });
  }

  /** Finds the owner of a recovery code; `key` is null for a guest. */
  async findByRecoveryCode(hash: Buffer): Promise<{ key: string | null } | undefined> {
    const [row] = await this.database.query<{ key: string | null }>(
      `select u.username_key as key from recovery_codes c join users u on u.id = c.user_id
       where c.code_hash = $1 and u.anonymised_at is null`,
      [hash],
    );
    return row;
  }

  /**
   * Consumes a code. `passwordHash` becomes the member's, and ends all sessions and, unless `keepsTokens`, the API tokens.
   * Returns undefined if the code is unknown or used.
   */
  async useRecoveryCode(hash: Buffer, passwordHash?: string, keepsTokens = false): Promise<UsedCode | undefined> {
    const [used, ...rows] = await this.database.query<PersonalFeedRow>(
      `select ${writtenColumns} from recovery_use_v2($1, $2, $3)`,
      [hash, passwordHash ?? null, keepsTokens],
    );
    if (!used) return undefined;
    const { password_hash } = used.data as { password_hash: string | null };
    return { id: used.user_id, passwordHash: password_hash, written: rows };
  }

  /**
   * Replaces the password hash, and ends all sessions but `keptSessionId` and, unless `keepsTokens`, the API tokens.
   * Returns the changes to publish; undefined if the hash is no longer `before`.
   */
  async changePassword(
    userId: string,
    { before, after, keptSessionId, keepsTokens }: PasswordChange,
  ): Promise<PersonalFeedRow[] | undefined> {
    const [changed, ...rows] = await this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${writtenColumns} from password_change_v1($1, $2, $3, $4, $5)`, [
        userId,
        before,
        after,
        keptSessionId,
        keepsTokens,
      ]),
    );
    return changed && rows;
  }

  /** Returns guests who were not seen for `unseenMs` and have no live session, the least recently seen first. */
  async unseenGuests(unseenMs: number, except: readonly string[], limit: number): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      // The first three conditions are for the index; the function repeats them.
      `select u.id from users u
       where u.kind = 'guest' and u.anonymised_at is null
         and u.last_seen_at < now() - $1::bigint * interval '1 millisecond'
         and guest_is_unseen_v1(u, $1) and u.id <> all ($2::uuid[])
       order by u.last_seen_at limit $3`,
      [unseenMs, except, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** Forgets a guest, unless they came back or another transaction has locked them. Returns the changes to publish. */
  forgetUnseenGuest(userId: string, unseenMs: number): Promise<PersonalFeedRow[]> {
    return this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${writtenColumns} from guest_forget_v2($1, $2)`, [userId, unseenMs]),
    );
  }

  async #credentials(whose: FindOptionsWhere<UserEntity>): Promise<Credentials | undefined> {
    const user = await this.users.findOne({
      select: { id: true, username_key: true, password_hash: true },
      where: { ...whose, anonymised_at: IsNull(), password_hash: Not(IsNull()) },
    });
    return user ? { id: user.id, key: user.username_key!, passwordHash: user.password_hash! } : undefined;
  }
}
