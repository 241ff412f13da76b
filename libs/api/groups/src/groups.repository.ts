import { Database, selectList } from '@cloudhop/api/database';
import { type SettingsVerdict, type WrittenMember, conversationsRowShapes } from '@cloudhop/api/conversations';
import { type AvatarColor, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { groupsRowShapes } from './row-shapes';

export type GroupVerb = 'add' | 'join' | 'leave' | 'remove' | 'hand_over';

export interface NewGroup {
  id: string;
  title: string;
  color?: AvatarColor | undefined;
  /** Users that its creator adds or invites. */
  userIds: readonly string[];
}

const memberColumns = selectList(conversationsRowShapes.member_told_v1);
const settingsColumns = selectList(groupsRowShapes.group_settings_v1);

/** Groups. Each change is one SQL function, which locks, decides and writes. */
@Injectable()
export class GroupsRepository {
  constructor(private readonly database: Database) {}

  /** Creates a group with `actorId` as its owner. Returns the memberships that were written, or one row with a code. */
  create(actorId: string, { id, title, color, userIds }: NewGroup): Promise<WrittenMember[]> {
    return this.#write('group_create_v1($1, $2, $3, $4, $5::uuid[], $6, $7, $8)', [
      actorId,
      id,
      title,
      color ?? null,
      userIds,
      wire.groupMembers,
      wire.groupsPerDay,
      wire.openInvitations,
    ]);
  }

  /** Changes the membership of `userId`. Without `actorId`, the server is the actor. Returns what `create` does. */
  change(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: GroupVerb,
  ): Promise<WrittenMember[]> {
    return this.#write('group_change_v1($1, $2, $3, $4, $5, $6)', [
      conversationId,
      actorId ?? null,
      userId,
      verb,
      wire.groupMembers,
      wire.openInvitations,
    ]);
  }

  /** Changes the title, the color, or both. */
  async changeSettings(
    conversationId: string,
    actorId: string,
    { title, color }: { title?: string | undefined; color?: AvatarColor | undefined },
  ): Promise<SettingsVerdict> {
    const [row] = await this.database.retrying(() =>
      this.database.query<SettingsVerdict>(`select ${settingsColumns} from group_settings_v1($1, $2, $3, $4)`, [
        conversationId,
        actorId,
        title ?? null,
        color ?? null,
      ]),
    );
    return row!;
  }

  /** Runs one call, and retries after a deadlock or a lock time-out: nothing was written then. */
  #write(call: string, parameters: unknown[]): Promise<WrittenMember[]> {
    return this.database.retrying(() =>
      this.database.query<WrittenMember>(`select ${memberColumns} from ${call}`, parameters),
    );
  }
}
