import { UsersService } from '@cloudhop/api/auth';
import { boundedTime } from '@cloudhop/api/database';
import { type Actor, DomainError } from '@cloudhop/api/platform';
import { type Invite, type RouteBody, type RouteReply, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { hashOfInvite } from './invite-token';
import { type InviteRow, type InviteVerdict, RoomsRepository } from './rooms.repository';
import { RoomsService } from './rooms.service';

/** Invite links of rooms. Their secret is shown once; it is in the fragment, which no server receives. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly repository: RoomsRepository,
    private readonly rooms: RoomsService,
    private readonly users: UsersService,
  ) {}

  /** Creates a link. Throws not_found, forbidden, archived, limit_reached. */
  async create(
    actor: Actor,
    key: string,
    { maxUses, expiresInMs }: RouteBody<'rooms.createInvite'>,
  ): Promise<RouteReply<'rooms.createInvite'>> {
    const room = await this.rooms.requireModerator(actor, key);
    const token = randomBytes(16).toString('base64url');
    const invite = { id: uuidv7(), hash: hashOfInvite(token), maxUses, expiresInMs };
    const verdict = await this.repository.createInvite(actor.userId, room.id, invite, wire.roomInvites);
    return { invite: toInvite(verdict), token, path: `/r/${encodeURIComponent(room.slug)}#${token}` };
  }

  async list(actor: Actor, key: string): Promise<RouteReply<'rooms.invites'>> {
    const room = await this.rooms.requireModerator(actor, key);
    const rows = await this.repository.invites(room.id);
    return {
      items: rows.map((invite) => toInvite({ code: null, invite })),
      users: await this.users.find([...new Set(rows.map(({ created_by: id }) => id))]),
    };
  }

  async revoke(actor: Actor, key: string, id: string): Promise<Invite> {
    const room = await this.rooms.requireModerator(actor, key);
    return toInvite(await this.repository.revokeInvite(actor.userId, room.id, id));
  }
}

/** Renders a link. Throws the refusal if the function refused. */
function toInvite({ code, invite: row }: InviteVerdict): Invite {
  if (code !== null) throw new DomainError(code);
  const { id, created_by, created_at, expires_at, uses, max_uses } = row as InviteRow;
  return {
    id,
    createdBy: created_by,
    createdAt: boundedTime(created_at),
    ...(expires_at !== null && { expiresAt: boundedTime(expires_at) }),
    uses,
    ...(max_uses !== null && { maxUses: max_uses }),
  };
}
