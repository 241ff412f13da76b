import { type MembershipRow, Users, toMembership } from '@cloudhop/api/auth';
import { type Actor, Database, DomainError, FeedHub, conversationFeed, limits, personalFeed } from '@cloudhop/api/core';
import type { ConversationSettings, ErrorCode, Member, Role } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { toMember } from './rows';

type Verb = 'join' | 'leave' | 'ban' | 'unban' | 'mute' | 'unmute' | 'appoint';

interface VerdictRow {
  verdict: 'stored' | 'exists' | 'refused';
  code: ErrorCode | null;
  rev: number | null;
  feed_rev: number | null;
  membership: MembershipRow;
}

/** Who acts: somebody, or `server` for what the product itself decides. */
export type MembershipActor = Pick<Actor, 'userId'> | 'server';

/**
 * Who is in a conversation, and under which rules. Every change is decided and written under the conversation's lock,
 * so that it is ordered with the messages.
 */
@Injectable()
export class Memberships {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(FeedHub) private readonly feeds: FeedHub,
    @Inject(Users) private readonly users: Users,
  ) {}

  /** Whether the user may come in is the door's decision; here only a ban stops them. The lobby needs no joining: `forbidden`. */
  join(conversationId: string, userId: string): Promise<Member> {
    return this.#change(conversationId, { userId }, userId, 'join');
  }

  leave(conversationId: string, userId: string): Promise<Member> {
    return this.#change(conversationId, { userId }, userId, 'leave');
  }

  /** `forbidden` unless the actor's role is above the user's. Reading and writing end with it. */
  ban(actor: MembershipActor, conversationId: string, userId: string): Promise<Member> {
    return this.#change(conversationId, actor, userId, 'ban');
  }

  unban(actor: MembershipActor, conversationId: string, userId: string): Promise<Member> {
    return this.#change(conversationId, actor, userId, 'unban');
  }

  mute(actor: MembershipActor, conversationId: string, userId: string, until: Date): Promise<Member> {
    return this.#change(conversationId, actor, userId, 'mute', { until });
  }

  unmute(actor: MembershipActor, conversationId: string, userId: string): Promise<Member> {
    return this.#change(conversationId, actor, userId, 'unmute');
  }

  /** Gives a member another role, below the actor's own. */
  appoint(actor: MembershipActor, conversationId: string, userId: string, role: Role): Promise<Member> {
    return this.#change(conversationId, actor, userId, 'appoint', { role });
  }

  /** Replaces the settings that all readers see. Who may is the door's decision. */
  async changeSettings(conversationId: string, settings: Omit<ConversationSettings, 'slug'>): Promise<void> {
    const [row] = await this.database.retrying(() =>
      this.database.query<{ rev: number; slug: string | null }>(
        `select s.rev, c.slug from conversation_settings_v1($1, $2, $3, $4) s join conversations c on c.id = $1`,
        [conversationId, settings.title ?? null, settings.slowModeMs, settings.retentionMs ?? null],
      ),
    );
    if (row === undefined) throw new DomainError('not_found');
    this.feeds.committed({
      feed: conversationFeed(conversationId),
      fromRev: row.rev - 1,
      toRev: row.rev,
      changes: [
        { kind: 'settings', rev: row.rev, settings: { ...settings, ...(row.slug !== null && { slug: row.slug }) } },
      ],
      users: [],
    });
  }

  async #change(
    conversationId: string,
    actor: MembershipActor,
    userId: string,
    verb: Verb,
    { role, until }: { role?: Role; until?: Date } = {},
  ): Promise<Member> {
    const [row] = await this.database.retrying(() =>
      this.database.query<VerdictRow>('select * from membership_change_v2($1, $2, $3, $4, $5, $6, $7)', [
        conversationId,
        actor === 'server' ? null : actor.userId,
        userId,
        verb,
        role ?? null,
        until ?? null,
        limits.memberRevs,
      ]),
    );
    const verdict = row!;
    if (verdict.verdict === 'refused') throw new DomainError(verdict.code ?? 'internal');
    const { membership } = verdict;
    const member = toMember(membership);
    if (verdict.rev !== null) {
      this.feeds.committed({
        feed: conversationFeed(conversationId),
        fromRev: verdict.rev - 1,
        toRev: verdict.rev,
        changes: [{ kind: 'member', rev: verdict.rev, member }],
        users: await this.users.find([userId]),
      });
    }
    if (verdict.feed_rev !== null) {
      this.feeds.committed({
        feed: personalFeed(userId),
        fromRev: verdict.feed_rev - 1,
        toRev: verdict.feed_rev,
        changes: [{ kind: 'membership', rev: verdict.feed_rev, membership: toMembership(membership) }],
        users: membership.invited_by ? await this.users.find([membership.invited_by]) : [],
      });
    }
    return member;
  }
}
