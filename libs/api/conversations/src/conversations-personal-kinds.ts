import type { PersonalFeedKinds } from '@cloudhop/api/personal-feed';
import { jsonRows } from '@cloudhop/api/database';
import { limits as wire } from '@cloudhop/contracts';
import { type ListedRow, deletedUnread, listedColumns } from './conversations.repository';
import { type DraftRow, type MembershipRow, toDraft, toMembership, toMemberships } from './membership-rows';
import { conversationsRowShapes } from './row-shapes';
import { peerOf, toConversations } from './rows';

/** Returns SQL for the conversations that the user `u` has joined, and the lobby, as a list shows them. */
const listedConversations = (): string => `
  (select coalesce(json_agg(c), '[]') from (
     select ${listedColumns}, u.id as reader_id, last_message_v1(s.id, s.seq, ${wire.previewCharacters}) as last,
       case when s.kind <> 'lobby' and m.read_seq < s.seq
         then naming_v2(s.id, u.id, m.read_seq, s.seq, ${wire.mentionWindow}) end as naming,
       ${deletedUnread('s', 'm', String(wire.mentionWindow))} as deleted_unread,
       author_json_v1(u) as reader
     from conversation_states_v1 s left join memberships m on m.conversation_id = s.id and m.user_id = u.id
     where (s.kind = 'lobby' and m.state is distinct from 'banned')
       or s.id in (select j.conversation_id from memberships j where j.user_id = u.id and j.state = 'joined')
   ) c)`;

/** Registers what conversations write into personal feeds: memberships and drafts. */
export function registerConversationKinds(kinds: PersonalFeedKinds): void {
  kinds.registerKind('membership', { toChange: (data) => ({ membership: toMembership(data as MembershipRow) }) });
  kinds.registerKind('draft', { toChange: (data) => ({ draft: toDraft(data as DraftRow) }) });
  kinds.registerField('conversations', {
    sql: listedConversations,
    render: (rows: ListedRow[]) => toConversations(rows),
    userIds: (rows) => rows.flatMap((row) => [peerOf(row, row.reader_id), row.last?.author_id]),
  });
  kinds.registerField('drafts', {
    sql: () => jsonRows(conversationsRowShapes.drafts, 'd', `drafts d where d.user_id = u.id and d.body <> ''`),
    render: (rows: DraftRow[]) => rows.map(toDraft),
  });
  kinds.registerField('invitations', {
    sql: () =>
      jsonRows(conversationsRowShapes.memberships, 'i', `memberships i where i.user_id = u.id and i.state = 'invited'`),
    render: (rows: MembershipRow[]) => toMemberships(rows),
    userIds: (rows) => rows.map(({ invited_by }) => invited_by),
  });
}
