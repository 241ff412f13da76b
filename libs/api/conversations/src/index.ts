export { Company, type Connected } from './company.service';
export { ConversationLog, type SendResult } from './conversation-log.service';
export { ConversationsModule } from './conversations.module';
export { ConversationsService } from './conversations.service';
export { GroupMembers } from './group-members.service';
export { LastSeen, rounded } from './last-seen.service';
export { Memberships, type MembershipActor } from './memberships.service';
export { Relations } from './relations.service';
export { Retention } from './retention.service';
