import { PersonalFeedPublisher, writtenState } from '@cloudhop/api/personal-feed';
import type { Actor } from '@cloudhop/api/platform';
import type { Membership } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type MarkChange, MemberMarksRepository } from './member-marks.repository';
import { type MembershipRow, toMembership } from './membership-rows';

/** A user's own marks on a conversation: pinned, archived, cleared, notification level. */
@Injectable()
export class MemberMarksService {
  constructor(
    private readonly repository: MemberMarksRepository,
    private readonly personalFeeds: PersonalFeedPublisher,
  ) {}

  /** Changes the actor's marks. Throws not_found, limit_reached. */
  async mark(actor: Actor, conversationId: string, change: MarkChange): Promise<Membership> {
    const rows = await this.repository.mark(actor.userId, conversationId, change);
    this.personalFeeds.publish(rows);
    return toMembership(writtenState<MembershipRow>(rows, actor.userId, 'membership'));
  }
}
