import { skeletonOf } from '@cloudhop/api/auth';
import { boundedTime } from '@cloudhop/api/database';
import {
  ConversationLogService,
  ConversationsService,
  type SendResult,
  messageIdOf,
} from '@cloudhop/api/conversations';
import { type Actor, DomainError } from '@cloudhop/api/platform';
import {
  type Conversation,
  Id,
  type Member,
  type MessagePage,
  type Room,
  type RouteBody,
  type RouteQuery,
  Time,
  limits as wire,
  roomNameKey,
  slugOf,
} from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import * as z from 'zod';
import { hashOfInvite } from './invite-token';
import { MembershipsService } from './memberships.service';
import type { SlugChoice } from './room-settings.repository';
import { RoomSettingsService } from './room-settings.service';
import { type RoomCursor, type RoomRow, RoomsRepository } from './rooms.repository';

/** Rooms: creation, lists, membership and sending. */
@Injectable()
export class RoomsService {
  constructor(
    private readonly repository: RoomsRepository,
    private readonly settings: RoomSettingsService,
    private readonly memberships: MembershipsService,
    private readonly conversations: ConversationsService,
    private readonly log: ConversationLogService,
  ) {}

  /** Creates a room. Throws members_only, slug_taken, limit_reached, id_taken. */
  create(
    actor: Actor,
    { id = uuidv7(), slug, ...room }: RouteBody<'rooms.create'>,
  ): Promise<{ conversation: Conversation; isNew: boolean }> {
    const wanted = slug ?? (slugOf(room.name) || 'room');
    const isChosen = slug !== undefined && room.visibility !== 'private';
    const slugs = isChosen ? [wanted] : room.visibility === 'private' ? privateSlugs(wanted) : publicSlugs(wanted);
    return this.settings.create(actor, { id, ...room }, slugs.map(toChoice), isChosen);
  }

  async list(
    actor: Actor,
    { q = '', cursor, limit }: RouteQuery<'rooms.list'>,
  ): Promise<{ items: Room[]; nextCursor?: string }> {
    const name = roomNameKey(q);
    const prefix = name === '' ? undefined : { name, slug: slugOf(q) };
    const rows = await this.repository.list(actor.userId, prefix, readCursor(cursor), limit + 1);
    const items = rows.slice(0, limit).map(toRoom);
    const last = items.at(-1);
    return { items, ...(rows.length > limit && last && { nextCursor: `${last.activeAt}_${last.id}` }) };
  }

  async get(actor: Actor, key: string): Promise<Room> {
    return toRoom(await this.require(actor, key));
  }

  /** Changes settings. Throws not_found, forbidden, slug_taken. */
  async change(actor: Actor, key: string, { slug, ...change }: RouteBody<'rooms.change'>): Promise<Conversation> {
    const room = await this.require(actor, key);
    const { visibility = room.visibility } = change;
    const isMoved = (slug !== undefined && slug !== room.slug) || visibility !== room.visibility;
    const wanted = slug ?? room.slug;
    const slugs = visibility === 'private' ? privateSlugs(wanted) : [wanted];
    return this.settings.change(actor, room.id, change, isMoved ? slugs.map(toChoice) : []);
  }

  /** Joins a room. Throws not_found, banned, members_only, archived, invite_ended. */
  async join(actor: Actor, key: string, invite: string | undefined): Promise<Conversation> {
    const hash = invite === undefined ? undefined : hashOfInvite(invite);
    const room = await this.repository.find(actor.userId, key, hash);
    if (!room) throw new DomainError('not_found');
    if (room.state !== 'joined') await this.memberships.join(room.id, actor.userId, hash);
    return this.conversations.get(actor, room.id);
  }

  async leave(actor: Actor, key: string): Promise<Member> {
    return this.memberships.leave((await this.require(actor, key)).id, actor.userId);
  }

  async messages(actor: Actor, key: string, range: RouteQuery<'rooms.messages'>): Promise<MessagePage> {
    return this.conversations.list(actor, (await this.requireJoined(actor, key)).id, range);
  }

  /** Sends a message. Throws not_found, not_a_member, and the refusals of a commit. */
  async send(
    actor: Actor,
    key: string,
    { id, ...send }: RouteBody<'rooms.send'>,
    idempotencyKey: string | undefined,
  ): Promise<SendResult> {
    const { id: conversationId } = await this.requireJoined(actor, key);
    const messageId = messageIdOf({ userId: actor.userId, conversationId }, id, idempotencyKey);
    return this.log.append(actor, { conversationId, id: messageId, ...send });
  }

  /** Returns the room with this slug or id. Throws not_found, also for rooms that the actor may not know of. */
  async require(actor: Actor, key: string): Promise<RoomRow> {
    const room = await this.repository.find(actor.userId, key);
    if (!room) throw new DomainError('not_found');
    return room;
  }

  /** Returns a room that the actor has joined. Throws not_found, banned, not_a_member. */
  async requireJoined(actor: Actor, key: string): Promise<RoomRow> {
    const room = await this.require(actor, key);
    if (room.state === 'banned') throw new DomainError('banned');
    if (room.state !== 'joined') throw new DomainError('not_a_member');
    return room;
  }

  /** Returns a room that the actor moderates. Throws not_found, forbidden. The commit decides again. */
  async requireModerator(actor: Actor, key: string): Promise<RoomRow> {
    const room = await this.require(actor, key);
    if (room.state !== 'joined' || room.role === 'member') throw new DomainError('forbidden');
    return room;
  }
}

/** Returns the wanted slug, and one with a suffix in case it is taken. */
function publicSlugs(wanted: string): string[] {
  return [wanted, suffixed(wanted)];
}

/** Returns slugs with random suffixes: refusing a slug would reveal another private room. */
function privateSlugs(wanted: string): string[] {
  return [suffixed(wanted), suffixed(wanted)];
}

function suffixed(wanted: string): string {
  const suffix = `-${randomBytes(4).toString('hex')}`;
  const cut = [...wanted]
    .slice(0, wire.slugCharacters - suffix.length)
    .join('')
    .replace(/-+$/, '');
  return cut + suffix;
}

const toChoice = (slug: string): SlugChoice => ({ slug, skeleton: skeletonOf(slug) });

function toRoom(row: RoomRow): Room {
  return {
    id: row.id,
    title: row.title,
    slug: row.slug,
    ...(row.topic !== null && { topic: row.topic }),
    visibility: row.visibility,
    guests: row.guest_access,
    ...(row.is_announcement && { isAnnouncement: true as const }),
    ...(row.archived_at && { archivedAt: boundedTime(row.archived_at) }),
    memberCount: row.member_count,
    activeAt: boundedTime(row.active_at),
    ...(row.state === 'joined' && row.role && { role: row.role }),
  };
}

const Cursor = z.tuple([Time, Id]);

function readCursor(cursor: string | undefined): RoomCursor | undefined {
  if (cursor === undefined) return undefined;
  const read = Cursor.safeParse(cursor.split('_'));
  if (!read.success) throw new DomainError('invalid', { fields: { cursor: 'must be a cursor from a previous page' } });
  const [at, id] = read.data;
  return { activeAt: new Date(at), id };
}
