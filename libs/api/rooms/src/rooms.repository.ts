import { type MembershipRow, conversationsRowShapes } from '@cloudhop/api/conversations';
import { Database, selectList } from '@cloudhop/api/database';
import {
  type ErrorCode,
  type GuestAccess,
  Id,
  type MemberState,
  type Role,
  type Visibility,
} from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { RoomInviteEntity } from './room-invite.entity';
import { roomsRowShapes } from './row-shapes';

/** A room as a user sees it; role and state are null for an outsider. */
export interface RoomRow {
  id: string;
  title: string;
  slug: string;
  topic: string | null;
  visibility: Visibility;
  guest_access: GuestAccess;
  is_announcement: boolean;
  archived_at: Date | null;
  member_count: number;
  active_at: Date;
  role: Role | null;
  state: MemberState | null;
}

/** A link, as a column or in JSON. */
export interface InviteRow {
  id: string;
  created_by: string;
  created_at: Date | string;
  expires_at: Date | string | null;
  max_uses: number | null;
  uses: number;
}

/** A row of invite_create_v1 or invite_revoke_v1. */
export interface InviteVerdict {
  /** Refusal. */
  code: ErrorCode | null;
  invite: InviteRow | null;
}

/** Position at which a page of a list ended. */
export interface RoomCursor {
  activeAt: Date;
  id: string;
}

export interface MemberCursor {
  isHere: boolean;
  rank: number;
  joinedUs: number;
  userId: string;
}

export type MemberRow = MembershipRow & { is_here: boolean; rank: number; joined_us: number };

/** Columns of a RoomRow, where `m` is the user's membership and `a` the room's activity. */
const columns = `${selectList(roomsRowShapes.conversations, 'c')},
  coalesce(a.at, c.created_at) as active_at, m.role, m.state`;

const memberColumns = conversationsRowShapes.memberships;
const inviteVerdict = selectList(roomsRowShapes.invite_create_v1);

/** Reads rooms and their invite links. */
@Injectable()
export class RoomsRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(RoomInviteEntity) private readonly links: Repository<RoomInviteEntity>,
  ) {}

  /**
   * Returns the room with this slug or id, else the one that left this slug last, if the user may know of it. Of two rooms
   * with one slug returns the private one, which the user is in. The hash of a link's secret opens a private room.
   */
  async find(userId: string, key: string, inviteHash?: Buffer): Promise<RoomRow | undefined> {
    const id = Id.safeParse(key).data ?? null;
    const [row] = await this.database.prepared<RoomRow>(
      'rooms_find',
      `select ${columns} from conversations c
       left join room_activity a on a.conversation_id = c.id
       left join memberships m on m.conversation_id = c.id and m.user_id = $1
       where (c.slug = $2 or c.id = $4
           or c.id = any (array(select f.conversation_id from former_slugs f where f.slug = $2)))
         and c.kind = 'room'
         and (c.visibility <> 'private' or m.state in ('joined', 'invited')
           or exists (select from room_invites i where i.conversation_id = c.id and i.token_hash = $3))
       order by coalesce(c.slug = $2 or c.id = $4, c.slug = $2) desc, c.visibility = 'private' desc,
         (select f.left_at from former_slugs f where f.slug = $2 and f.conversation_id = c.id) desc limit 1`,
      [userId, key, inviteHash ?? null, id],
    );
    return row;
  }

  /** Returns public rooms by activity, or those whose name or slug has this prefix. */
  async list(
    userId: string,
    prefix: { name: string; slug: string } | undefined,
    after: RoomCursor | undefined,
    limit: number,
  ): Promise<RoomRow[]> {
    const like = (text: string) => `${text.replace(/[\\%_]/g, '\\$&')}%`;
    const named = prefix ? [like(prefix.name), like(prefix.slug)] : [];
    return this.database.query<RoomRow>(
      `select ${columns} from room_activity a join conversations c on c.id = a.conversation_id
       left join memberships m on m.conversation_id = c.id and m.user_id = $1
       where c.visibility = 'public' and c.archived_at is null
         and ($2::timestamptz is null or (a.at, a.conversation_id) < ($2, $3::uuid))
         ${prefix ? `and (c.name_key like $5 or ($6 <> '%' and c.slug like $6))` : ''}
       order by a.at desc, a.conversation_id desc limit $4`,
      [userId, after?.activeAt ?? null, after?.id ?? null, limit, ...named],
    );
  }

  /** Returns members in one state: those who are present first, then by role, then by the time of joining. */
  members(
    conversationId: string,
    state: MemberState,
    hereIds: readonly string[],
    after: MemberCursor | undefined,
    limit: number,
  ): Promise<MemberRow[]> {
    return this.database.query<MemberRow>(
      `select ${selectList(memberColumns, 'm')}, m.is_here, m.rank, m.joined_us from (
         select ${selectList(memberColumns, 'm')}, m.user_id = any ($3::uuid[]) as is_here,
           case m.role when 'owner' then 0 when 'moderator' then 1 else 2 end as rank,
           coalesce(extract(epoch from least(m.joined_at, '2200-01-01Z')) * 1000000, 0)::bigint as joined_us
         from memberships m where m.conversation_id = $1 and m.state = $2
       ) m
       where $4::boolean is null or (not m.is_here, m.rank, m.joined_us, m.user_id) > (not $4, $5::integer, $6::bigint, $7::uuid)
       order by not m.is_here, m.rank, m.joined_us, m.user_id limit $8`,
      [
        conversationId,
        state,
        hereIds,
        after?.isHere ?? null,
        after?.rank ?? null,
        after?.joinedUs ?? null,
        after?.userId ?? null,
        limit,
      ],
    );
  }

  /** Records activity in those of the conversations that are rooms. */
  async writeActivity(conversationIds: readonly string[]): Promise<void> {
    await this.database.query(
      `insert into room_activity (conversation_id, at)
       select h.conversation_id, date_trunc('milliseconds', h.last_at) from conversation_heads h
       join conversations c on c.id = h.conversation_id and c.kind = 'room'
       where h.conversation_id = any ($1::uuid[]) and h.last_at is not null order by h.conversation_id
       on conflict (conversation_id) do update set at = greatest(room_activity.at, excluded.at)`,
      [conversationIds],
    );
  }

  /** Deletes slugs that rooms gave up more than `ageMs` ago: they stop redirecting, and are free again. */
  async eraseFormerSlugs(ageMs: number): Promise<void> {
    await this.database.query(
      `delete from former_slugs f where f.left_at < clock_timestamp() - $1 * interval '1 millisecond'`,
      [ageMs],
    );
  }

  /**
   * Returns at most `limit` guests whose ban by address must end: no ban from that address is left, or they have
   * registered.
   */
  endedAddressBans(limit: number): Promise<{ conversationId: string; userId: string }[]> {
    return this.database.query<{ conversationId: string; userId: string }>(
      `select x.conversation_id as "conversationId", x.user_id as "userId" from address_banned x
       left join users u on u.id = x.user_id
       where u.kind is distinct from 'guest' or not exists (
         select from address_bans b
         where b.conversation_id = x.conversation_id and b.until > clock_timestamp()
           and (b.user_id = x.of_user_id or b.address_key = u.address_key)
       ) limit $1`,
      [limit],
    );
  }

  /** Deletes the addresses of bans that have ended. */
  async eraseAddressBans(): Promise<void> {
    await this.database.query('delete from address_bans b where b.until <= clock_timestamp()');
  }

  createInvite(
    actorId: string,
    conversationId: string,
    invite: { id: string; hash: Buffer; maxUses: number | undefined; expiresInMs: number | undefined },
    most: number,
  ): Promise<InviteVerdict> {
    return this.#invite('invite_create_v1($1, $2, $3, $4, $5, $6, $7)', [
      conversationId,
      actorId,
      invite.id,
      invite.hash,
      invite.maxUses ?? null,
      invite.expiresInMs ?? null,
      most,
    ]);
  }

  revokeInvite(actorId: string, conversationId: string, id: string): Promise<InviteVerdict> {
    return this.#invite('invite_revoke_v1($1, $2, $3)', [conversationId, actorId, id]);
  }

  /** Returns the links that can still be used, the latest first. */
  invites(conversationId: string): Promise<InviteRow[]> {
    return (
      this.links
        .createQueryBuilder('i')
        .where({ conversation_id: conversationId })
        // Same rule as in the function that creates and counts links.
        .andWhere('invite_is_open_v1(i)')
        .orderBy({ 'i.created_at': 'DESC', 'i.id': 'ASC' })
        .getMany()
    );
  }

  async #invite(call: string, parameters: unknown[]): Promise<InviteVerdict> {
    const [row] = await this.database.retrying(() =>
      this.database.query<InviteVerdict>(`select ${inviteVerdict} from ${call}`, parameters),
    );
    return row!;
  }
}
