import { Database, selectList } from '@cloudhop/api/database';
import { type PersonalFeedRow, personalFeedRowShapes } from '@cloudhop/api/personal-feed';
import { type NoticeLevel, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';

/** Change of a user's own marks on a conversation. What is absent stays. */
export interface MarkChange {
  isPinned?: boolean | undefined;
  isArchived?: boolean | undefined;
  clearedSeq?: number | undefined;
  notices?: NoticeLevel | undefined;
  quietUntil?: string | null | undefined;
}

const personalColumns = selectList(personalFeedRowShapes.personal_told_v1);

/** Writes of a user's own part of conversations: marks, read marks and drafts. Each is one SQL function. */
@Injectable()
export class MemberMarksRepository {
  constructor(private readonly database: Database) {}

  mark(
    userId: string,
    conversationId: string,
    { isPinned, isArchived, clearedSeq, notices, quietUntil }: MarkChange,
  ): Promise<PersonalFeedRow[]> {
    return this.#write('membership_mark_v2($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
      userId,
      conversationId,
      isPinned ?? null,
      isArchived ?? null,
      clearedSeq ?? null,
      notices ?? null,
      quietUntil !== undefined,
      quietUntil ?? null,
      wire.pins,
    ]);
  }

  /** Writes the latest draft of each user and conversation. */
  writeDrafts(drafts: readonly { c: string; u: string; body: string }[]): Promise<PersonalFeedRow[]> {
    return this.#write('drafts_v1($1::json)', [JSON.stringify(drafts)]);
  }

  writeReadMarks(
    marks: readonly { c: string; u: string; seq?: number | undefined; got?: number | undefined }[],
  ): Promise<PersonalFeedRow[]> {
    return this.#write('read_marks_v3($1::json)', [JSON.stringify(marks)]);
  }

  /** Runs one call, and retries after a deadlock or a lock time-out. Each call is idempotent. */
  #write(call: string, parameters: unknown[]): Promise<PersonalFeedRow[]> {
    return this.database.retrying(() =>
      this.database.query<PersonalFeedRow>(`select ${personalColumns} from ${call}`, parameters),
    );
  }
}
