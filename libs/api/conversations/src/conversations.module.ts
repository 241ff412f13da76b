import { AuthModule } from '@cloudhop/api/auth';
import { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { NodeDirectory } from '@cloudhop/api/realtime';
import { Module, type OnModuleInit } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConversationLogService } from './conversation-log.service';
import { ConversationsController } from './conversations.controller';
import { ConversationsGateway } from './conversations.gateway';
import { registerConversationKinds } from './conversations-personal-kinds';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { DeletedUserCleanup } from './deleted-user-cleanup.service';
import { DraftsService } from './drafts.service';
import { ConversationFeedSource } from './conversation-feed.source';
import { FeedSyncService } from './feed-sync.service';
import { LinkPreviewEntity } from './previews/link-preview.entity';
import { LinkPreviewsRepository } from './previews/link-previews.repository';
import { LinkPreviewsService } from './previews/link-previews.service';
import { LogRepository } from './log.repository';
import { MemberMarksRepository } from './member-marks.repository';
import { MemberMarksService } from './member-marks.service';
import { MembershipPublisher } from './membership.publisher';
import { MentionBackfillService } from './mention-backfill.service';
import { MentionsRepository } from './mentions.repository';
import { MessageDetailsRepository } from './message-details.repository';
import { MessageDetailsService } from './message-details.service';
import { MessagesController } from './messages.controller';
import { PreviewJobEntity } from './previews/preview-job.entity';
import { ReadMarksService } from './read-marks.service';
import { RetentionRepository } from './retention.repository';
import { RetentionService } from './retention.service';
import { SearchIndexerService } from './search/search-indexer.service';
import { SearchRepository } from './search/search.repository';
import { SearchService } from './search/search.service';
import { SocketSubscriptionsService } from './socket-subscriptions.service';
import { TypingService } from './typing.service';

/** Conversations of every kind: log, history, sync, members, search and link previews. */
@Module({
  imports: [AuthModule, TypeOrmModule.forFeature([LinkPreviewEntity, PreviewJobEntity])],
  controllers: [ConversationsController, MessagesController],
  providers: [
    ConversationFeedSource,
    ConversationLogService,
    ConversationsGateway,
    ConversationsRepository,
    ConversationsService,
    DeletedUserCleanup,
    DraftsService,
    FeedSyncService,
    LinkPreviewsService,
    LinkPreviewsRepository,
    LogRepository,
    MemberMarksService,
    MemberMarksRepository,
    MembershipPublisher,
    MentionBackfillService,
    MentionsRepository,
    MessageDetailsService,
    MessageDetailsRepository,
    ReadMarksService,
    RetentionService,
    RetentionRepository,
    SearchService,
    SearchIndexerService,
    SearchRepository,
    SocketSubscriptionsService,
    TypingService,
  ],
  exports: [ConversationLogService, ConversationsService, DeletedUserCleanup, MembershipPublisher, RetentionService],
})
export class ConversationsModule implements OnModuleInit {
  constructor(
    private readonly personalFeedKinds: PersonalFeedKinds,
    private readonly log: ConversationLogService,
    private readonly nodes: NodeDirectory,
  ) {}

  onModuleInit(): void {
    registerConversationKinds(this.personalFeedKinds);
    this.nodes.countMessages(() => this.log.messagesPerMinute);
  }
}
