import { UsersService } from '@cloudhop/api/auth';
import { Draining, eventLog, limits } from '@cloudhop/api/platform';
import type { ConversationKind } from '@cloudhop/contracts';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ConversationsRepository, type GoneMembership } from './conversations.repository';

const log = eventLog('deleted_users');

/** Ends one membership by the rules of the conversation's kind, and publishes that. */
export type EndMembership = (conversationId: string, userId: string) => Promise<unknown>;

/** Cleanup of deleted users: ends their memberships, and publishes that to the other members. */
@Injectable()
export class DeletedUserCleanup implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  readonly #endings = new Map<ConversationKind, EndMembership>();

  constructor(
    private readonly repository: ConversationsRepository,
    private readonly users: UsersService,
    private readonly draining: Draining,
  ) {}

  /** Registers how memberships of a kind of conversation end. The feature that owns the kind calls it. */
  register(kind: ConversationKind, end: EndMembership): void {
    this.#endings.set(kind, end);
  }

  onApplicationBootstrap(): void {
    const run = () => void this.run().catch((error: unknown) => log.error('deleted_users.cleanup_failed', error));
    this.users.onForgotten(run);
    // For users whose node stopped before the cleanup ended, and for guests whom the sweep has deleted.
    this.#timer = setInterval(run, limits.deletedUserCleanupIntervalMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Ends memberships of deleted users. Returns their number. */
  async run(): Promise<number> {
    let count = 0;
    let last: GoneMembership | undefined;
    while (!this.draining.isDraining) {
      const rows = await this.repository.membershipsOfGone(
        limits.deletedUserCleanupWithinMs,
        last,
        limits.deletedUserCleanupStep,
      );
      for (const row of rows) if (await this.#end(row)) count++;
      if (rows.length < limits.deletedUserCleanupStep) break;
      last = rows.at(-1);
    }
    if (count > 0) log.info('deleted_users.cleaned_up', { count });
    return count;
  }

  /** Ends one membership. Returns false if that failed: the next round tries again. */
  async #end({ conversation_id: conversationId, user_id: userId, kind }: GoneMembership): Promise<boolean> {
    try {
      const end = this.#endings.get(kind);
      if (!end) throw new Error(`no feature ends memberships of the kind ${kind}`);
      await end(conversationId, userId);
      return true;
    } catch (error) {
      log.error('deleted_users.membership_failed', error, { conversationId, userId });
      return false;
    }
  }
}
