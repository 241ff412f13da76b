import { Users } from '@cloudhop/api/auth';
import { Draining, eventLog, limits } from '@cloudhop/api/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ConversationsRepository, type GoneMembership } from './conversations.repository';
import { GroupMembers } from './group-members.service';
import { Memberships } from './memberships.service';

const log = eventLog('deleted_users');

/** Cleanup of deleted users: ends their memberships, so that the other members are told. */
@Injectable()
export class DeletedUserCleanup implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ConversationsRepository) private readonly repository: ConversationsRepository,
    @Inject(Memberships) private readonly memberships: Memberships,
    @Inject(GroupMembers) private readonly groups: GroupMembers,
    @Inject(Users) private readonly users: Users,
    @Inject(Draining) private readonly draining: Draining,
  ) {}

  onApplicationBootstrap(): void {
    const run = () => void this.run().catch((error: unknown) => log.error('deleted_users.cleanup_failed', error));
    this.users.onForgotten(run);
    // For users whose node ended before it was done, and for guests whom the sweep has deleted.
    this.#timer = setInterval(run, limits.departuresIntervalMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Returns how many memberships ended. */
  async run(): Promise<number> {
    let count = 0;
    let last: GoneMembership | undefined;
    while (!this.draining.isDraining) {
      const rows = await this.repository.membershipsOfGone(limits.departuresWithinMs, last, limits.departuresStep);
      for (const row of rows) if (await this.#end(row)) count++;
      if (rows.length < limits.departuresStep) break;
      last = rows.at(-1);
    }
    if (count > 0) log.info('deleted_users.cleaned_up', { count });
    return count;
  }

  /** Ends one membership. Returns false if that failed: the next round tries again. */
  async #end({ conversation_id: conversationId, user_id: userId, kind }: GoneMembership): Promise<boolean> {
    try {
      if (kind === 'group') await this.groups.end(conversationId, userId);
      else await this.memberships.leave(conversationId, userId);
      return true;
    } catch (error) {
      log.error('deleted_users.membership_failed', error, { conversationId, userId });
      return false;
    }
  }
}
