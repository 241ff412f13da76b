import { Database, selectList } from '@cloudhop/api/database';
import type { FeedHead, FeedPage } from '@cloudhop/api/realtime';
import { limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { PersonalFeedKinds, type PersonalSnapshot } from './personal-feed-kinds';
import { personalFeedRowShapes } from './row-shapes';
import type { PersonalChangesRow } from './rows';

/** The snapshot of one user, and the rev of the personal feed that it reaches. */
export interface PersonalSnapshotPage {
  rev: number;
  snapshot: PersonalSnapshot;
  /** Users that the snapshot refers to. */
  userIds: ReadonlySet<string>;
}

const changesColumns = selectList(personalFeedRowShapes.personal_changes_v3);

/** Queries of personal feeds: heads, changes after a rev, and the snapshot. */
@Injectable()
export class PersonalFeedRepository {
  constructor(
    private readonly database: Database,
    private readonly kinds: PersonalFeedKinds,
  ) {}

  /** Every user has a personal feed; one without changes is at 0. */
  async heads(userIds: readonly string[]): Promise<ReadonlyMap<string, FeedHead>> {
    const rows = await this.database.prepared<{ user_id: string; rev: number }>(
      'personal_heads',
      'select h.user_id, h.rev from personal_heads h where h.user_id = any ($1::uuid[])',
      [userIds],
    );
    const revs = new Map(rows.map((row) => [row.user_id, row.rev]));
    return new Map(userIds.map((id) => [id, toHead(revs.get(id) ?? 0)]));
  }

  async changesAfter(userId: string, rev: number): Promise<FeedPage> {
    const [row] = await this.database.prepared<PersonalChangesRow>(
      'personal_changes',
      `select ${changesColumns} from personal_changes_v3($1, $2, $3)`,
      [userId, rev, wire.framePage],
    );
    return {
      head: toHead(row!.rev),
      toRev: row!.has_more ? row!.changes.at(-1)!.rev : row!.rev,
      isReset: row!.is_reset,
      hasMore: row!.has_more,
      changes: this.kinds.toChanges(userId, row!.changes),
      users: this.kinds.toUsers(row!.users),
    };
  }

  /** Reads all of a user in one statement, so that the fields and the rev are of one moment. Undefined for a deleted user. */
  async snapshot(userId: string): Promise<PersonalSnapshotPage | undefined> {
    const fields = this.kinds.fields();
    const [row] = await this.database.query<{ rev: number } & Record<string, unknown>>(
      `select coalesce((select h.rev from personal_heads h where h.user_id = u.id), 0) as rev,
         ${fields.map(([name, field]) => `${field.sql()} as "${name}"`).join(',\n')}
       from users u
       where u.id = $1 and u.anonymised_at is null`,
      [userId],
    );
    if (row === undefined) return undefined;
    const userIds = fields.flatMap(([name, field]) => field.userIds?.(row[name]) ?? []);
    return {
      rev: row.rev,
      snapshot: Object.fromEntries(
        fields.map(([name, field]) => [name, field.render(row[name], userId)]),
      ) as unknown as PersonalSnapshot,
      userIds: new Set(userIds.filter((id) => typeof id === 'string')),
    };
  }
}

/** Personal feeds have no messages, so seq and floor are 0. */
const toHead = (rev: number): FeedHead => ({ rev, seq: 0, floorSeq: 0, isPrivate: true });
