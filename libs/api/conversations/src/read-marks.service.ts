import { PersonalNews } from '@cloudhop/api/auth';
import { limits } from '@cloudhop/api/core';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LatestWrites } from './latest-writes';
import { PersonalRepository } from './personal.repository';

interface ReadMark {
  u: string;
  c: string;
  seq: number;
}

/** Read marks: at most once a second for each user and conversation, never with a conversation's lock. */
@Injectable()
export class ReadMarks implements OnApplicationShutdown {
  readonly #writes = new LatestWrites<ReadMark, void>({
    intervalMs: () => limits.readMarkIntervalMs,
    most: () => limits.readMarkQueue,
    merge: (before, after) => (before.seq > after.seq ? before : after),
    write: async (marks) => {
      this.news.tell(await this.repository.writeReadMarks(marks));
      return [];
    },
  });

  constructor(
    @Inject(PersonalRepository) private readonly repository: PersonalRepository,
    @Inject(PersonalNews) private readonly news: PersonalNews,
  ) {}

  onApplicationShutdown(): Promise<void> {
    return this.#writes.close();
  }

  /** Moves a mark forward, soon; marks never move back. Resolves once it, or a later one, is stored. */
  move(userId: string, conversationId: string, seq: number): Promise<void> {
    return this.#writes.put(`${userId} ${conversationId}`, { u: userId, c: conversationId, seq });
  }

  /** Writes what is pending now. */
  flush(): Promise<void> {
    return this.#writes.flush();
  }
}
