import type { SchemaPart } from '@cloudhop/api/database';
import { BoundedTimes1800000013001 } from './migrations/bounded-times';
import { ConversationsBaseline1800000002000 } from './migrations/conversations-baseline';
import { DeletedMessages1800000019000 } from './migrations/deleted-messages';
import { MessageMentions1800000018001 } from './migrations/message-mentions';
import changeRefusalV1 from './sql/change_refusal_v1.sql';
import conversationChangesV1 from './sql/conversation_changes_v1.sql';
import conversationStatesV1 from './sql/conversation_states_v1.sql';
import deletedAboveV1 from './sql/deleted_above_v1.sql';
import draftsV1 from './sql/drafts_v1.sql';
import floorRaiseV1 from './sql/floor_raise_v1.sql';
import lastMessageV1 from './sql/last_message_v1.sql';
import logAppendV1 from './sql/log_append_v1.sql';
import logChangeV3 from './sql/log_change_v3.sql';
import logCommitV1 from './sql/log_commit_v1.sql';
import logDeleteV1 from './sql/log_delete_v1.sql';
import logEditV2 from './sql/log_edit_v2.sql';
import logEraseV1 from './sql/log_erase_v1.sql';
import logPinV1 from './sql/log_pin_v1.sql';
import logPreviewV1 from './sql/log_preview_v1.sql';
import logReactV1 from './sql/log_react_v1.sql';
import logSendsV2 from './sql/log_sends_v2.sql';
import memberWriteV1 from './sql/member_write_v1.sql';
import membershipChangesV1 from './sql/membership_changes_v1.sql';
import membershipMarkV2 from './sql/membership_mark_v2.sql';
import membershipPlaceV1 from './sql/membership_place_v1.sql';
import mentionsAreKnownV1 from './sql/mentions_are_known_v1.sql';
import mentionsBackfillV1 from './sql/mentions_backfill_v1.sql';
import mentionsEditV1 from './sql/mentions_edit_v1.sql';
import mentionsUnknownV1 from './sql/mentions_unknown_v1.sql';
import mentionsWriteV1 from './sql/mentions_write_v1.sql';
import messageEditsV1 from './sql/message_edits_v1.sql';
import messageJsonV1 from './sql/message_json_v1.sql';
import messagePageV1 from './sql/message_page_v1.sql';
import messageReactionsV1 from './sql/message_reactions_v1.sql';
import messageStatesV1 from './sql/message_states_v1.sql';
import namingV1 from './sql/naming_v1.sql';
import namingV2 from './sql/naming_v2.sql';
import nextRevV1 from './sql/next_rev_v1.sql';
import ownReactionsV1 from './sql/own_reactions_v1.sql';
import previewClaimV1 from './sql/preview_claim_v1.sql';
import quoteV1 from './sql/quote_v1.sql';
import readMarkRefusalV1 from './sql/read_mark_refusal_v1.sql';
import readMarksOfV1 from './sql/read_marks_of_v1.sql';
import readMarksV3 from './sql/read_marks_v3.sql';
import readRefusalV1 from './sql/read_refusal_v1.sql';
import refusalV1 from './sql/refusal_v1.sql';
import roleV1 from './sql/role_v1.sql';
import searchLiveV1 from './sql/search_live_v1.sql';
import searchOrdAtV1 from './sql/search_ord_at_v1.sql';
import searchPendingV2 from './sql/search_pending_v2.sql';
import searchV1 from './sql/search_v1.sql';
import searchWriteV2 from './sql/search_write_v2.sql';
import seqBeforeV1 from './sql/seq_before_v1.sql';
import slowUntilV1 from './sql/slow_until_v1.sql';
import writeRefusalV1 from './sql/write_refusal_v1.sql';

/** Schema of the log. */
export const conversationsSchema: SchemaPart = {
  migrations: [
    ConversationsBaseline1800000002000,
    BoundedTimes1800000013001,
    MessageMentions1800000018001,
    DeletedMessages1800000019000,
  ],
  sql: [
    changeRefusalV1,
    conversationChangesV1,
    conversationStatesV1,
    deletedAboveV1,
    draftsV1,
    floorRaiseV1,
    lastMessageV1,
    logAppendV1,
    logChangeV3,
    logCommitV1,
    logDeleteV1,
    logEditV2,
    logEraseV1,
    logPinV1,
    logPreviewV1,
    logReactV1,
    logSendsV2,
    memberWriteV1,
    membershipChangesV1,
    membershipMarkV2,
    membershipPlaceV1,
    mentionsAreKnownV1,
    mentionsBackfillV1,
    mentionsEditV1,
    mentionsUnknownV1,
    mentionsWriteV1,
    messageEditsV1,
    messageJsonV1,
    messagePageV1,
    messageReactionsV1,
    messageStatesV1,
    namingV1,
    namingV2,
    nextRevV1,
    ownReactionsV1,
    previewClaimV1,
    quoteV1,
    readMarkRefusalV1,
    readMarksOfV1,
    readMarksV3,
    readRefusalV1,
    refusalV1,
    roleV1,
    searchLiveV1,
    searchOrdAtV1,
    searchPendingV2,
    searchV1,
    searchWriteV2,
    seqBeforeV1,
    slowUntilV1,
    writeRefusalV1,
  ],
};
