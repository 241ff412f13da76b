import { UsersService } from '@cloudhop/api/auth';
import { toMember } from '@cloudhop/api/conversations';
import { BlocksService } from '@cloudhop/api/friends';
import { type Actor, DomainError, limits } from '@cloudhop/api/platform';
import { PresenceRegistry } from '@cloudhop/api/realtime';
import { Id, type Member, type RouteBody, type RouteQuery, type RouteReply } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import * as z from 'zod';
import type { MembershipVerb } from './memberships.repository';
import { MembershipsService } from './memberships.service';
import { type MemberCursor, type MemberRow, RoomsRepository } from './rooms.repository';
import { RoomsService } from './rooms.service';

/** Members of rooms and their roles. The database function decides each change again. */
@Injectable()
export class RoomMembersService {
  constructor(
    private readonly repository: RoomsRepository,
    private readonly rooms: RoomsService,
    private readonly memberships: MembershipsService,
    private readonly blocks: BlocksService,
    private readonly presence: PresenceRegistry,
    private readonly users: UsersService,
  ) {}

  /**
   * Returns a page of members, those who have the room open first. Throws not_found, not_a_member, banned, forbidden.
   */
  async list(
    actor: Actor,
    key: string,
    { state, cursor, limit }: RouteQuery<'rooms.members'>,
  ): Promise<RouteReply<'rooms.members'>> {
    const room = await this.rooms.requireJoined(actor, key);
    if (state !== 'joined' && room.role === 'member') throw new DomainError('forbidden');
    const hereIds = state === 'joined' ? this.presence.ids(room.id, limits.membersHere) : [];
    // Users whom a block keeps apart are in the list, without their presence.
    const seenIds = await this.blocks.visibleIds(actor, hereIds);
    const rows = await this.repository.members(room.id, state, seenIds, readCursor(cursor), limit + 1);
    const page = rows.slice(0, limit);
    return {
      items: page.map((row) => ({ ...toMember(row), ...(row.is_here && { isHere: true as const }) })),
      users: await this.users.find(page.map(({ user_id: id }) => id)),
      count: room.member_count,
      ...(rows.length > limit && { nextCursor: toCursor(page.at(-1)!) }),
    };
  }

  /** Invites a user. Throws not_found, forbidden, not_accepting, limit_reached, archived. */
  async invite(actor: Actor, key: string, userId: string): Promise<{ member: Member; isNew: boolean }> {
    const room = await this.rooms.requireModerator(actor, key);
    return this.memberships.change(actor, room.id, userId, 'invite');
  }

  /** Changes a membership. Throws not_found, forbidden. */
  async change(
    actor: Actor,
    key: string,
    userId: string,
    change: RouteBody<'rooms.changeMember'>,
  ): Promise<RouteReply<'rooms.changeMember'>> {
    const room = await this.rooms.requireModerator(actor, key);
    const { isBanned, mutedUntil, role, withAddress } = change;
    if (isBanned) return this.memberships.ban(actor, room.id, userId, { withAddress });
    const until = mutedUntil ? new Date(mutedUntil) : undefined;
    const { member } = await this.memberships.change(actor, room.id, userId, verbOf(change), {
      ...(role && { role }),
      ...(until && { until }),
    });
    return member;
  }

  async remove(actor: Actor, key: string, userId: string): Promise<Member> {
    const room = await this.rooms.requireModerator(actor, key);
    return (await this.memberships.change(actor, room.id, userId, 'remove')).member;
  }

  async handOver(actor: Actor, key: string, userId: string): Promise<Member> {
    const room = await this.rooms.requireModerator(actor, key);
    return (await this.memberships.change(actor, room.id, userId, 'hand_over')).member;
  }
}

function verbOf({ role, mutedUntil }: RouteBody<'rooms.changeMember'>): MembershipVerb {
  if (role !== undefined) return 'appoint';
  if (mutedUntil !== undefined) return mutedUntil === null ? 'unmute' : 'mute';
  return 'unban';
}

const toCursor = ({ is_here, rank, joined_us, user_id }: MemberRow): string =>
  [is_here ? 1 : 0, rank, joined_us, user_id].join('.');

const Cursor = z.tuple([z.enum(['0', '1']), z.string().regex(/^[0-2]$/), z.string().regex(/^\d{1,16}$/), Id]);

function readCursor(cursor: string | undefined): MemberCursor | undefined {
  if (cursor === undefined) return undefined;
  const read = Cursor.safeParse(cursor.split('.'));
  if (!read.success) throw new DomainError('invalid', { fields: { cursor: 'must be a cursor from a previous page' } });
  const [here, rank, joined, userId] = read.data;
  return { isHere: here === '1', rank: Number(rank), joinedUs: Number(joined), userId };
}
