import type { ChangeRow } from '@cloudhop/api/personal-feed';
import { columnsOf } from '@cloudhop/api/database';
import type { MessageEdit, OwnReaction, ReadMark } from '@cloudhop/contracts';
import type { ConversationChangesRow, PageRow } from './conversations.repository';
import type { LogVerdict } from './log.repository';
import type { DraftRow, MembershipRow, WrittenMember } from './membership-rows';
import type { UnknownMentionsRow } from './mentions.repository';
import type { EditsRow, ReactionRow } from './message-details.repository';
import type { PreviewJob } from './previews/link-previews.repository';
import type { RaisedFloorRow } from './retention.repository';
import type { AccessRow, ConversationRow, LastMessageRow, MessageRow, NamingRow, QuoteRow } from './rows';
import type { Candidate, LiveRow, PendingMessage, PendingRow } from './search/search.repository';

/** Columns of log_verdict_v1, by the names that a LogVerdict has for them. */
export const verdictColumns = {
  index: 'i',
  outcome: 'verdict',
  code: 'code',
  retryAfterMs: 'retry_after_ms',
  seq: 'seq',
  rev: 'rev',
  at: 'at',
  message: 'message',
  count: 'count',
  author: 'author',
  quote: 'quote',
  quoted: 'quoted',
} as const satisfies Record<keyof LogVerdict, string>;

/** Columns of the reader's membership beside a conversation. */
export const accessColumns = columnsOf<AccessRow>()(
  'role',
  'state',
  'muted_until',
  'read_seq',
  'cleared_seq',
  'archived_seq',
  'pinned_at',
  'notices',
  'quiet_until',
);

/**
 * Columns by the view, type, function or table that they come from; a spec compares them with the catalogue. Of a table
 * they may be a part.
 */
export const conversationsRowShapes = {
  message_states_v1: columnsOf<MessageRow>()(
    'conversation_id',
    'seq',
    'id',
    'author_id',
    'rev',
    'body',
    'created_at',
    'edited_at',
    'deleted_at',
    'pinned_at',
    'reply_to',
    'quote',
    'is_forwarded',
    'preview',
    'mention_keys',
    'reactions',
  ),
  conversation_states_v1: columnsOf<ConversationRow>()(
    'id',
    'kind',
    'title',
    'slug',
    'slow_mode_ms',
    'retention_ms',
    'settings_rev',
    'floor_rev',
    'seq',
    'rev',
    'floor_seq',
    'last_at',
    'direct_low',
    'direct_high',
    'color',
    'topic',
    'visibility',
    'guest_access',
    'is_announcement',
    'archived_at',
    'member_count',
  ),
  memberships: columnsOf<MembershipRow>()(
    'conversation_id',
    'user_id',
    'role',
    'state',
    'muted_until',
    'read_seq',
    'cleared_seq',
    'archived_seq',
    'pinned_at',
    'notices',
    'quiet_until',
    'shown_seq',
    'delivered_seq',
    'invited_by',
    'invitation',
  ),
  drafts: columnsOf<DraftRow>()('conversation_id', 'body'),
  log_verdict_v1: Object.values(verdictColumns),
  member_told_v1: columnsOf<WrittenMember>()('code', 'is_written', 'user_id', 'rev', 'feed_rev', 'membership'),
  floor_raise_v1: columnsOf<RaisedFloorRow>()('rev', 'floor_seq'),
  conversation_changes_v1: columnsOf<ConversationChangesRow>()(
    'seq',
    'rev',
    'floor_seq',
    'is_private',
    'is_reset',
    'has_more',
    'changes',
    'users',
  ),
  message_page_v1: columnsOf<Pick<PageRow, 'messages' | 'users' | 'mine'>>()('messages', 'users', 'mine'),
  message_edits_v1: columnsOf<EditsRow>()('seq', 'is_allowed', 'items', 'users'),
  mentions_unknown_v1: columnsOf<UnknownMentionsRow>()('seq', 'author_id', 'edited_at', 'texts'),
  message_reactions_v1: columnsOf<ReactionRow>()('seq', 'user_id', 'emoji', 'rev'),
  search_v1: columnsOf<Candidate>()('ord', 'conversation_id', 'seq'),
  search_live_v1: columnsOf<LiveRow>()('n', 'message', 'author'),
  search_pending_v2: columnsOf<PendingRow>()('conversation_id', 'from_rev', 'to_rev', 'has_more', 'messages'),
  preview_jobs: columnsOf<PreviewJob>()('conversation_id', 'seq', 'message_id', 'author_id', 'url', 'said', 'tries'),
};

type Naming = NonNullable<NamingRow['naming']>;

/** Keys of the JSON objects that functions return, alone or in a list, by function; a spec calls each and compares. */
export const conversationsJsonShapes = {
  quote_v1: columnsOf<QuoteRow>()('seq', 'rev', 'authorId', 'body', 'isDeleted'),
  last_message_v1: columnsOf<LastMessageRow>()('seq', 'author_id', 'body', 'created_at', 'is_deleted'),
  naming_v2: columnsOf<Naming>()('seqs', 'unknown'),
  own_reactions_v1: columnsOf<OwnReaction>()('seq', 'emoji'),
  read_marks_of_v1: columnsOf<ReadMark>()('userId', 'readSeq', 'deliveredSeq'),
  message_edits_v1: columnsOf<MessageEdit>()('userId', 'body', 'at'),
  search_pending_v2: columnsOf<PendingMessage>()(
    'seq',
    'id',
    'author_id',
    'at',
    'body',
    'is_deleted',
    'is_pinned',
    'has_preview',
  ),
  conversation_changes_v1: columnsOf<ChangeRow>()('kind', 'rev', 'data'),
};
