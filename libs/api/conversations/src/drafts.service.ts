import { PersonalFeedPublisher } from '@cloudhop/api/personal-feed';
import { type Actor, DomainError, LatestWrites, eventLog, isolate, limits } from '@cloudhop/api/platform';
import { type RequestPayload, limits as wire } from '@cloudhop/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { MemberMarksRepository } from './member-marks.repository';

const log = eventLog('drafts');

interface PendingDraft {
  u: string;
  c: string;
  body: string;
}

/** Drafts: the latest of each conversation, written at most every two seconds. */
@Injectable()
export class DraftsService implements OnApplicationShutdown {
  /** Resolves with the personal rev of the draft; undefined for users who may not write one. */
  readonly #writes = new LatestWrites<PendingDraft, number | undefined>({
    intervalMs: () => wire.draftIntervalMs,
    most: () => limits.draftQueue,
    merge: (_before, after) => after,
    write: async (drafts) => {
      const rows = await this.repository.writeDrafts(drafts);
      isolate(log, 'drafts.tell_failed', () => this.personalFeeds.publish(rows.filter(({ kind }) => kind === 'draft')));
      const keyOf = (userId: string, conversationId: string) => `${userId} ${conversationId}`;
      const revs = new Map(
        rows.map(({ user_id, rev, data }) => [
          keyOf(user_id, (data as { conversation_id: string }).conversation_id),
          rev ?? undefined,
        ]),
      );
      return drafts.map(({ u, c }) => revs.get(keyOf(u, c)));
    },
  });

  constructor(
    private readonly repository: MemberMarksRepository,
    private readonly personalFeeds: PersonalFeedPublisher,
  ) {}

  onApplicationShutdown(): Promise<void> {
    return this.#writes.close();
  }

  /** Stores a draft. Resolves once it, or a later one, is stored. Throws not_found for users who may not write. */
  async set({ userId }: Actor, { conversationId, body }: RequestPayload<'draft:set'>): Promise<{ rev: number }> {
    const rev = await this.#writes.put(`${userId} ${conversationId}`, { u: userId, c: conversationId, body });
    if (rev === undefined) throw new DomainError('not_found');
    return { rev };
  }
}
