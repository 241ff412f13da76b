import { AuthModule } from '@cloudhop/api/auth';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConnectedPeers } from './connected-peers.service';
import { ConversationLog } from './conversation-log.service';
import { ConversationsController } from './conversations.controller';
import { ConversationsGateway } from './conversations.gateway';
import { ConversationsRepository } from './conversations.repository';
import { ConversationsService } from './conversations.service';
import { DeletedUserCleanup } from './deleted-user-cleanup.service';
import { Drafts } from './drafts.service';
import { FeedSources } from './feed-sources';
import { FeedSync } from './feed-sync.service';
import { GroupMembers } from './group-members.service';
import { GroupsRepository } from './groups.repository';
import { LastSeen } from './last-seen.service';
import { LinkPreviewEntity } from './previews/link-preview.entity';
import { LinkPreviewsRepository } from './previews/link-previews.repository';
import { LinkPreviews } from './previews/link-previews.service';
import { LogRepository } from './log.repository';
import { MembershipPublisher } from './membership-publisher.service';
import { MentionBackfill } from './mention-backfill.service';
import { MentionsRepository } from './mentions.repository';
import { MembershipsRepository } from './memberships.repository';
import { Memberships } from './memberships.service';
import { MessageDetailsRepository } from './message-details.repository';
import { MessageDetails } from './message-details.service';
import { MessagesController } from './messages.controller';
import { PersonalRepository } from './personal.repository';
import { PreviewJobEntity } from './previews/preview-job.entity';
import { ReadMarks } from './read-marks.service';
import { Relations } from './relations.service';
import { RetentionRepository } from './retention.repository';
import { Retention } from './retention.service';
import { RoomSettingsRepository } from './room-settings.repository';
import { RoomSettings } from './room-settings.service';
import { SearchIndexer } from './search/search-indexer.service';
import { SearchRepository } from './search/search.repository';
import { Search } from './search/search.service';
import { SocketFollows } from './socket-follows.service';
import { Typing } from './typing.service';

@Module({
  imports: [AuthModule, TypeOrmModule.forFeature([LinkPreviewEntity, PreviewJobEntity])],
  controllers: [ConversationsController, MessagesController],
  providers: [
    ConnectedPeers,
    ConversationLog,
    ConversationsGateway,
    ConversationsRepository,
    ConversationsService,
    DeletedUserCleanup,
    Drafts,
    FeedSources,
    FeedSync,
    GroupMembers,
    GroupsRepository,
    LastSeen,
    LinkPreviews,
    LinkPreviewsRepository,
    LogRepository,
    MembershipPublisher,
    Memberships,
    MembershipsRepository,
    MentionBackfill,
    MentionsRepository,
    MessageDetails,
    MessageDetailsRepository,
    PersonalRepository,
    ReadMarks,
    Relations,
    Retention,
    RetentionRepository,
    RoomSettings,
    RoomSettingsRepository,
    Search,
    SearchIndexer,
    SearchRepository,
    SocketFollows,
    Typing,
  ],
  exports: [
    ConnectedPeers,
    ConversationLog,
    ConversationsService,
    GroupMembers,
    LastSeen,
    Memberships,
    Relations,
    Retention,
    RoomSettings,
  ],
})
export class ConversationsModule {}
