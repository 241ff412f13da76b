import type { UserRow } from '@cloudhop/api/auth';
import { Database, selectList } from '@cloudhop/api/database';
import { type PersonalFeedRow, personalFeedRowShapes } from '@cloudhop/api/personal-feed';
import { limits } from '@cloudhop/api/platform';
import { type PersonalSettings, defaultSettings, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type BlockRow, type FriendRow, type SettingsRow, toPersonalSettings } from './friend-rows';
import { friendsRowShapes } from './row-shapes';

export type FriendVerb = 'request' | 'accept' | 'decline' | 'withdraw' | 'remove';

const personalColumns = selectList(personalFeedRowShapes.personal_told_v1);
const settingsColumns = selectList(friendsRowShapes.personal_settings, 's');

/** SQL for the users whom a block of either side keeps apart from the user `$1`. */
const apartFrom = `
  select b.other_id as id from blocks b where b.user_id = $1 and b.level = 'blocked'
  union select b.user_id from blocks b where b.other_id = $1 and b.level = 'blocked'`;

/** Friendships, blocks, direct conversations and personal settings. Each write is one SQL function. */
@Injectable()
export class FriendsRepository {
  constructor(private readonly database: Database) {}

  /** Returns the ids of all users whom a block of either side keeps apart from the user. */
  async apartFrom(userId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.prepared<{ id: string }>('personal_apart', apartFrom, [userId]);
    return new Set(rows.map(({ id }) => id));
  }

  /** Returns those of the users whom a block of either side keeps apart from the user. */
  async apart(userId: string, userIds: readonly string[]): Promise<Set<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.database.query<{ id: string }>(
      `select a.id from (${apartFrom}) a where a.id = any ($2::uuid[])`,
      [userId, userIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Returns true if `userId` may write to the other one directly. */
  async mayMessage(userId: string, otherId: string): Promise<boolean> {
    const [row] = await this.database.query<{ refusal: string | null }>('select direct_refusal_v1($1, $2) as refusal', [
      userId,
      otherId,
    ]);
    return row!.refusal === null;
  }

  async settings(userId: string): Promise<SettingsRow | undefined> {
    const [row] = await this.database.query<SettingsRow>(
      `select ${settingsColumns} from personal_settings s where s.user_id = $1`,
      [userId],
    );
    return row;
  }

  changeSettings(userId: string, change: Partial<PersonalSettings>): Promise<PersonalFeedRow[]> {
    const { whoMayMessage, acceptsRequests, appearsOffline, showsLastSeen, sendsReceipts } = change;
    return this.#write('settings_change_v2($1, $2, $3, $4, $5, $6)', [
      userId,
      whoMayMessage ?? null,
      acceptsRequests ?? null,
      appearsOffline ?? null,
      showsLastSeen ?? null,
      sendsReceipts ?? null,
    ]);
  }

  /** Returns friends, blocks and settings of a user who connects, and the personal rev at which they were read. */
  async connectedPerson(
    userId: string,
  ): Promise<{ rev: number; friends: Set<string>; blocked: Set<string>; settings: PersonalSettings }> {
    const [row] = await this.database.prepared<{
      rev: number;
      friends: string[];
      blocked: string[];
      settings: SettingsRow | null;
    }>(
      'personal_connected',
      `select coalesce((select h.rev from personal_heads h where h.user_id = $1), 0) as rev,
         array(select f.other_id from friendships f where f.user_id = $1 and f.state = 'friend') as friends,
         array(select b.other_id from blocks b where b.user_id = $1 and b.level = 'blocked') as blocked,
         (select to_json(r) from (select ${settingsColumns} from personal_settings s where s.user_id = $1) r) as settings`,
      [userId],
    );
    const { rev, friends, blocked, settings } = row!;
    return {
      rev,
      friends: new Set(friends),
      blocked: new Set(blocked),
      settings: settings ? toPersonalSettings(settings) : defaultSettings,
    };
  }

  changeFriend(userId: string, otherId: string, verb: FriendVerb, note?: string): Promise<PersonalFeedRow[]> {
    return this.#write('friend_change_v1($1, $2, $3, $4, $5, $6, $7)', [
      userId,
      otherId,
      verb,
      note ?? null,
      wire.openFriendRequests,
      wire.friends,
      limits.declinedMs,
    ]);
  }

  changeBlock(userId: string, otherId: string, level: BlockRow['level']): Promise<PersonalFeedRow[]> {
    return this.#write('block_change_v1($1, $2, $3, $4)', [userId, otherId, level, wire.blocks]);
  }

  openDirect(userId: string, otherId: string, newId: string): Promise<PersonalFeedRow[]> {
    return this.#write('direct_open_v1($1, $2, $3)', [userId, otherId, newId]);
  }

  /** Returns the user's friends and requests after a cursor, in the order of the other user's id. */
  listFriends(userId: string, after: string | undefined, limit: number): Promise<(FriendRow & { user: UserRow })[]> {
    return this.database.query<FriendRow & { user: UserRow }>(
      `select ${selectList(friendsRowShapes.friendships, 'f')}, author_json_v1(u) as user from friendships f join users u on u.id = f.other_id
       where f.user_id = $1 and f.state <> 'none' and ($2::uuid is null or f.other_id > $2)
       order by f.other_id limit $3`,
      [userId, after ?? null, limit],
    );
  }

  /** Runs one call, and retries after a deadlock or a lock time-out. Each call is idempotent. */
  #write(call: string, parameters: unknown[]): Promise<PersonalFeedRow[]> {
    return this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${personalColumns} from ${call}`, parameters),
    );
  }
}
