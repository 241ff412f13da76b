import type {
  Conversation,
  ConversationKind,
  ErrorCode,
  Member,
  Membership,
  PersonalChange,
  User,
} from '@cloudhop/contracts';
import type { ConversationRow, UserRow } from './model-rows';
import type { ModelPeople } from './people-tables';

/** Tables of the model, and the reads and writes that its functions share. */
export interface ModelTables {
  readonly lobbyId: string;
  readonly now: string;
  readonly conversations: Map<string, ConversationRow>;
  readonly users: Map<string, UserRow>;
  readonly people: ModelPeople;
  /** Count of those who came into groups, over restores too. */
  joins: number;
  addConversation(id: string, kind: ConversationKind, owner?: string): void;
  /** Takes the next rev of a personal feed. */
  bump(userId: string): number;
  /** Returns the reason for which the user may not read, or undefined. */
  unreadable(conversationId: string, userId: string): ErrorCode | undefined;
  directOf(userId: string, otherId?: string): string | undefined;
  membershipChange(conversationId: string, userId: string): PersonalChange & { kind: 'membership' };
  membership(conversationId: string, userId: string): Membership;
  member(conversationId: string, userId: string): Member;
  conversation(conversationId: string, userId: string): Conversation;
  floorOf(conversationId: string, userId: string): number;
  peopleOf(ids: Iterable<string>): User[];
}
