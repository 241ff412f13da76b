import { AuthModule } from '@cloudhop/api/auth';
import { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConversationLog } from './conversation-log.service';
import { ConversationsController } from './conversations.controller';
import { ConversationsGateway } from './conversations.gateway';
import { registerConversationKinds } from './conversations-personal-kinds';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { DeletedUserCleanup } from './deleted-user-cleanup.service';
import { Drafts } from './drafts.service';
import { ConversationFeedSource } from './conversation-feed.source';
import { FeedSync } from './feed-sync.service';
import { LinkPreviewEntity } from './previews/link-preview.entity';
import { LinkPreviewsRepository } from './previews/link-previews.repository';
import { LinkPreviews } from './previews/link-previews.service';
import { LogRepository } from './log.repository';
import { MemberMarksRepository } from './member-marks.repository';
import { MemberMarks } from './member-marks.service';
import { MembershipPublisher } from './membership-publisher.service';
import { MentionBackfill } from './mention-backfill.service';
import { MentionsRepository } from './mentions.repository';
import { MessageDetailsRepository } from './message-details.repository';
import { MessageDetails } from './message-details.service';
import { MessagesController } from './messages.controller';
import { PreviewJobEntity } from './previews/preview-job.entity';
import { ReadMarks } from './read-marks.service';
import { RetentionRepository } from './retention.repository';
import { Retention } from './retention.service';
import { SearchIndexer } from './search/search-indexer.service';
import { SearchRepository } from './search/search.repository';
import { Search } from './search/search.service';
import { SocketSubscriptions } from './socket-subscriptions.service';
import { Typing } from './typing.service';

/** Conversations of every kind: log, history, sync, members, search and link previews. */
@Module({
  imports: [AuthModule, TypeOrmModule.forFeature([LinkPreviewEntity, PreviewJobEntity])],
  controllers: [ConversationsController, MessagesController],
  providers: [
    ConversationFeedSource,
    ConversationLog,
    ConversationsGateway,
    ConversationsRepository,
    ConversationsService,
    DeletedUserCleanup,
    Drafts,
    FeedSync,
    LinkPreviews,
    LinkPreviewsRepository,
    LogRepository,
    MemberMarks,
    MemberMarksRepository,
    MembershipPublisher,
    MentionBackfill,
    MentionsRepository,
    MessageDetails,
    MessageDetailsRepository,
    ReadMarks,
    Retention,
    RetentionRepository,
    Search,
    SearchIndexer,
    SearchRepository,
    SocketSubscriptions,
    Typing,
  ],
  exports: [ConversationLog, ConversationsService, DeletedUserCleanup, MembershipPublisher, Retention],
})
export class ConversationsModule implements OnModuleInit {
  constructor(private readonly personalFeedKinds: PersonalFeedKinds) {}

  onModuleInit(): void {
    registerConversationKinds(this.personalFeedKinds);
  }
}
