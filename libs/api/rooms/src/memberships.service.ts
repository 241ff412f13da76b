import { MembershipPublisher, type WrittenMember, accepted, toMember } from '@cloudhop/api/conversations';
import { type Actor, limits } from '@cloudhop/api/platform';
import type { BannedMember, Member, Role } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type MembershipDetails, MembershipsRepository, type MembershipVerb } from './memberships.repository';

/** Actor of a change: a user, or `server` for decisions of the product itself. */
export type MembershipActor = Pick<Actor, 'userId'> | 'server';

/** The membership after a change. isNew: it differs from before. */
export interface MembershipChange {
  member: Member;
  isNew: boolean;
}

/**
 * Memberships of rooms and the lobby. Every change is decided and written under the conversation's
 * lock, so that it is ordered with the messages.
 */
@Injectable()
export class MembershipsService {
  constructor(
    private readonly repository: MembershipsRepository,
    private readonly publisher: MembershipPublisher,
  ) {}

  /**
   * Enters a room, a private one by an invitation or with the hash of a link's secret. Throws not_found, banned, archived,
   * members_only, invite_ended, limit_reached. The lobby needs no joining: `forbidden`.
   */
  async join(conversationId: string, userId: string, inviteHash?: Buffer): Promise<Member> {
    const { member } = await this.change({ userId }, conversationId, userId, 'join', { inviteHash });
    return member;
  }

  /** Ends a membership. A moderator succeeds an owner who leaves, or else the member who has been there longest. */
  async leave(conversationId: string, userId: string): Promise<Member> {
    return (await this.change({ userId }, conversationId, userId, 'leave')).member;
  }

  /**
   * Bans a user: they can neither read nor write. A ban of a guest includes the address unless `withAddress` is false: guests
   * who are created from there within limits.addressBanMs are banned too. Throws forbidden unless the actor's role is
   * above the user's.
   */
  async ban(
    actor: MembershipActor,
    conversationId: string,
    userId: string,
    { withAddress = true }: { withAddress?: boolean | undefined } = {},
  ): Promise<BannedMember> {
    const actorId = actor === 'server' ? undefined : actor.userId;
    const ms = withAddress ? limits.addressBanMs : undefined;
    const rows = await this.repository.ban(conversationId, actorId, userId, ms);
    const { member } = await this.#publish(conversationId, userId, rows, actorId);
    const outcome = rows[0]?.address;
    return { ...member, ...(outcome && { addressBan: { outcome, ...(outcome === 'kept' && { forMs: ms! }) } }) };
  }

  async unban(actor: MembershipActor, conversationId: string, userId: string): Promise<Member> {
    return (await this.change(actor, conversationId, userId, 'unban')).member;
  }

  /** Ends a guest's ban that was derived from their address. A ban by name stays. */
  async endAddressBan(conversationId: string, userId: string): Promise<void> {
    await this.publisher.publish(conversationId, await this.repository.endAddressBan(conversationId, userId));
  }

  async mute(actor: MembershipActor, conversationId: string, userId: string, until: Date): Promise<Member> {
    return (await this.change(actor, conversationId, userId, 'mute', { until })).member;
  }

  async unmute(actor: MembershipActor, conversationId: string, userId: string): Promise<Member> {
    return (await this.change(actor, conversationId, userId, 'unmute')).member;
  }

  /** Gives a member another role, below the actor's own. */
  async appoint(actor: MembershipActor, conversationId: string, userId: string, role: Role): Promise<Member> {
    return (await this.change(actor, conversationId, userId, 'appoint', { role })).member;
  }

  /** Changes one membership, and the one whose role changes with it. Idempotent. */
  async change(
    actor: MembershipActor,
    conversationId: string,
    userId: string,
    verb: MembershipVerb,
    details: MembershipDetails = {},
  ): Promise<MembershipChange> {
    const actorId = actor === 'server' ? undefined : actor.userId;
    const rows = await this.repository.change(conversationId, actorId, userId, verb, details);
    return this.#publish(conversationId, userId, rows, actorId);
  }

  async #publish(
    conversationId: string,
    userId: string,
    written: WrittenMember[],
    actorId: string | undefined,
  ): Promise<MembershipChange> {
    const rows = accepted(written);
    await this.publisher.publish(conversationId, rows, actorId === undefined ? [] : [actorId]);
    const row = rows.find((each) => each.user_id === userId)!;
    return { member: toMember(row.membership!), isNew: row.is_written };
  }
}
