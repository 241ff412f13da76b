import { type Catcher, type Mutant, edit } from './mutant';

const logSpec: Catcher = {
  kind: 'spec',
  project: 'db',
  file: 'libs/api/conversations/src/conversation-log.db.spec.ts',
};
const friendsSpec: Catcher = { kind: 'spec', project: 'db', file: 'apps/api/src/friends.db.spec.ts' };
/** The simulator's model beside Postgres. */
const modelSpec: Catcher = { kind: 'spec', project: 'db', file: 'apps/lab/src/simulator/model/model.db.spec.ts' };
const commitsSpec: Catcher = { kind: 'spec', project: 'db', file: 'libs/api/conversations/src/commits.db.spec.ts' };

const mentionsSpec: Catcher = { kind: 'spec', project: 'db', file: 'libs/api/conversations/src/mentions.db.spec.ts' };

const log = 'libs/api/conversations/src/sql';
const sends = `${log}/log_sends_v2.sql`;
const append = `${log}/log_append_v1.sql`;
const commit = `${log}/log_commit_v1.sql`;

/** The functions and tables of the log. */
export const databaseMutants: readonly Mutant[] = [
  {
    name: 'keys-not-unique',
    broken: 'the primary key of message_keys is gone, and a batch is not searched for repeats',
    edits: [
      ...edit(
        'libs/api/conversations/src/migrations/conversations-baseline.ts',
        'created_at timestamptz not null,\n      primary key (conversation_id, id)',
        'created_at timestamptz not null',
      ),
      ...edit(sends, `when op.repeat > 1 then 'again'`, `when false then 'again'`),
    ],
    catcher: logSpec,
  },
  {
    name: 'retry-not-looked-up',
    broken: 'a retry whose answer was lost is taken for a new message',
    edits: edit(
      sends,
      'key.conversation_id = op.conversation_id and key.id = op.id',
      'key.conversation_id = op.conversation_id and key.id = op.id and false',
    ),
    catcher: logSpec,
  },
  {
    name: 'keys-not-written',
    broken: 'messages are stored without their keys, so that a retry stores a second copy',
    edits: edit(append, 'a.user_id, false, a.at from accepted a', 'a.user_id, false, a.at from accepted a where false'),
    catcher: logSpec,
  },
  {
    name: 'lock-and-check-in-one-statement',
    broken: 'the statement that waits for the head also reads who may write, as of before its wait',
    edits: [
      ...edit(
        commit,
        'order by h.conversation_id\n      for no key update\n    ) l;',
        'order by h.conversation_id\n    ) l;',
      ),
      // Read in the statement that then waits for the head.
      ...edit(
        sends,
        'left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id',
        `left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
  for no key update of h`,
      ),
      ...edit(sends, 'language sql stable', 'language sql volatile'),
    ],
    catcher: logSpec,
  },
  {
    name: 'commit-trusts-the-cache',
    broken: 'the commit does not look whether the author was banned',
    edits: edit(`${log}/refusal_v1.sql`, `when p_state = 'banned' then 'banned'`, `when false then 'banned'`),
    catcher: logSpec,
  },
  {
    name: 'authority-before-key',
    broken: 'a retry of someone who was banned since is refused instead of being told where its message stands',
    edits: edit(
      sends,
      `when op.repeat > 1 then 'again'`,
      `when op.repeat > 1 then 'again'\n      when m.state = 'banned' then 'banned'`,
    ),
    catcher: commitsSpec,
  },
  {
    name: 'retry-reads-on',
    broken: 'a retry of someone who was banned since gets the message as it stands now',
    edits: edit(sends, 'and refusal_v1(c.kind, m.state, null, false, p_now) is null then', 'then'),
    catcher: commitsSpec,
  },
  {
    name: 'repeated-edit-reads-on',
    broken: 'a repeated edit of someone who was banned since gets the message as it stands now',
    edits: edit(`${log}/log_edit_v2.sql`, 'v.code := read_refusal_v1(v_conversation, p_author.id);', 'v.code := null;'),
    catcher: commitsSpec,
  },
  {
    name: 'mentions-outlive-their-message',
    broken: 'a deleted message keeps its mention keys',
    edits: edit(
      `${log}/log_delete_v1.sql`,
      'delete from message_mentions x where x.conversation_id',
      'delete from message_mentions x where false and x.conversation_id',
    ),
    catcher: mentionsSpec,
  },
  {
    name: 'edit-notifies-anew',
    broken: 'an edit notifies whoever its new text names',
    edits: edit(
      `${log}/mentions_edit_v1.sql`,
      "case when mentions_are_known_v1(p_conversation) then '{}'::text[] end",
      "string_to_array(p_mentions, ' ')",
    ),
    catcher: mentionsSpec,
  },
  {
    name: 'edit-passes-slow-mode',
    broken: 'an edit in slow mode waits for nothing',
    edits: edit(`${log}/log_edit_v2.sql`, 'when v_is_slowed and slow_until_v1', 'when false and slow_until_v1'),
    catcher: mentionsSpec,
  },
  {
    name: 'edit-takes-no-turn',
    broken: 'a send in slow mode does not wait for an edit',
    edits: edit(`${log}/log_edit_v2.sql`, '  if v_is_slowed then', '  if false then'),
    catcher: mentionsSpec,
  },
  {
    name: 'older-nodes-name-nobody',
    broken: 'a message of a node that computes no mention keys counts for nobody',
    edits: edit(
      append,
      "when a.mentions is null then a.body ~ '[@＠]' else",
      'when a.mentions is null then false else',
    ),
    catcher: mentionsSpec,
  },
  {
    name: 'backfill-waits-for-nobody',
    broken: 'old messages count as known while somebody may still write some without keys',
    edits: edit(
      `${log}/mentions_backfill_v1.sql`,
      'elsif pg_snapshot_xmin(pg_current_snapshot()) < v_progress.waits_for then',
      'elsif false then',
    ),
    catcher: mentionsSpec,
  },
  {
    name: 'mentions-by-reading',
    broken: 'whom unread messages name is found by reading all of their texts',
    edits: edit(
      `${log}/mentions_unknown_v1.sql`,
      'where not mentions_are_known_v1(p_conversation)\n      and',
      'where',
    ),
    catcher: mentionsSpec,
  },
  {
    name: 'changes-below-the-floor',
    broken: 'a sync reads what retention took away',
    edits: edit(
      `${log}/conversation_changes_v1.sql`,
      'where m.conversation_id = p_conversation and m.rev > p_rev and m.seq > v_state.floor_seq',
      'where m.conversation_id = p_conversation and m.rev > p_rev',
    ),
    catcher: commitsSpec,
  },
  {
    name: 'direct-rule-forgotten',
    broken: 'the commit does not ask who may write to whom alone',
    edits: edit(`${log}/write_refusal_v1.sql`, `case when p_conversation.kind = 'direct' and`, `case when false and`),
    catcher: friendsSpec,
  },
  {
    name: 'block-one-way',
    broken: 'who blocked somebody may still write to them',
    edits: edit(
      'libs/api/friends/src/sql/direct_refusal_v1.sql',
      'when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then',
      'when has_blocked_v1(p_other, p_user) then',
    ),
    catcher: friendsSpec,
  },
  {
    name: 'pin-clears',
    broken: 'pinning a conversation deletes it for oneself, as least() passes over null',
    edits: edit(
      `${log}/membership_place_v1.sql`,
      'case when p_cleared is not null then least(p_cleared, v_seq) end',
      'least(p_cleared, v_seq)',
    ),
    catcher: modelSpec,
  },
  {
    name: 'acknowledged-before-disk',
    broken: 'a message is acknowledged before its commit is on the disk',
    edits: edit(
      commit,
      'begin\n  if p_wait then',
      `begin\n  perform set_config('synchronous_commit', 'off', true);\n  if p_wait then`,
    ),
    catcher: { kind: 'spec', project: 'db', file: 'apps/api/src/faults.db.spec.ts', test: 'crashes twice' },
  },
];
