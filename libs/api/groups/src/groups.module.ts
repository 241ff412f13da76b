import { ConversationsModule, DeletedUserCleanup } from '@cloudhop/api/conversations';
import { Module, type OnModuleInit } from '@nestjs/common';
import { GroupsController } from './groups.controller';
import { GroupsRepository } from './groups.repository';
import { GroupsService } from './groups.service';

/** Groups: private conversations whose members add others. */
@Module({
  imports: [ConversationsModule],
  controllers: [GroupsController],
  providers: [GroupsRepository, GroupsService],
})
export class GroupsModule implements OnModuleInit {
  constructor(
    private readonly cleanup: DeletedUserCleanup,
    private readonly groups: GroupsService,
  ) {}

  onModuleInit(): void {
    this.cleanup.register('group', (conversationId, userId) => this.groups.end(conversationId, userId));
  }
}
