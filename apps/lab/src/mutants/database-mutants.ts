import { type Catcher, type Mutant, edit } from './mutant';

const migration = (name: string) => `libs/api/core/src/database/migrations/${name}.ts`;
const logSpec: Catcher = {
  kind: 'spec',
  project: 'db',
  file: 'libs/api/conversations/src/conversation-log.db.spec.ts',
};
const commitsSpec: Catcher = { kind: 'spec', project: 'db', file: 'libs/api/conversations/src/commits.db.spec.ts' };

const commit = migration('log-commit');

/** The functions and tables of the log. */
export const databaseMutants: readonly Mutant[] = [
  {
    name: 'keys-not-unique',
    broken: 'the primary key of message_keys is gone, and a batch is not searched for repeats',
    edits: [
      ...edit(
        migration('log-tables'),
        'created_at timestamptz not null,\n        primary key (conversation_id, id)',
        'created_at timestamptz not null',
      ),
      ...edit(commit, `when op.repeat > 1 then 'again'`, `when false then 'again'`),
    ],
    catcher: logSpec,
  },
  {
    name: 'retry-not-looked-up',
    broken: 'a retry whose answer was lost is taken for a new message',
    edits: edit(
      commit,
      'key.conversation_id = op.conversation_id and key.id = op.id',
      'key.conversation_id = op.conversation_id and key.id = op.id and false',
    ),
    catcher: logSpec,
  },
  {
    name: 'keys-not-written',
    broken: 'messages are stored without their keys, so that a retry stores a second copy',
    edits: edit(commit, 'a.user_id, false, a.at from accepted a', 'a.user_id, false, a.at from accepted a where false'),
    catcher: logSpec,
  },
  {
    name: 'lock-and-check-in-one-statement',
    broken: 'the statement that waits for the head also reads who may write, as of before its wait',
    edits: [
      ...edit(commit, 'order by h.conversation_id for no key update) l;', 'order by h.conversation_id) l;'),
      ...edit(
        commit,
        'left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id',
        `left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
          for no key update of h`,
      ),
    ],
    catcher: logSpec,
  },
  {
    name: 'commit-trusts-the-cache',
    broken: 'the commit does not look whether the author was banned',
    edits: edit(commit, `when p_state = 'banned' then 'banned'`, `when false then 'banned'`),
    catcher: logSpec,
  },
  {
    name: 'authority-before-key',
    broken: 'a retry of someone who was banned since is refused instead of getting its message',
    edits: [
      ...edit(
        commit,
        `when op.repeat > 1 then 'again'`,
        `when op.repeat > 1 then 'again'\n              when m.state = 'banned' then 'banned'`,
      ),
    ],
    catcher: commitsSpec,
  },
  {
    name: 'changes-below-the-floor',
    broken: 'a sync reads what retention took away',
    edits: edit(
      commit.replace('log-commit', 'log-reads'),
      'and m.rev > p_rev and m.seq > v_state.floor_seq limit',
      'and m.rev > p_rev limit',
    ),
    catcher: commitsSpec,
  },
  {
    name: 'acknowledged-before-disk',
    broken: 'a message is acknowledged before its commit is on the disk',
    edits: edit(
      commit,
      'begin\n        if p_wait then',
      `begin\n        perform set_config('synchronous_commit', 'off', true);\n        if p_wait then`,
    ),
    catcher: { kind: 'spec', project: 'db', file: 'apps/api/src/faults.db.spec.ts', test: 'crashes twice' },
  },
];
