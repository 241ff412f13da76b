import { type Catcher, type Mutant, edit } from './mutant';

const conversations = (name: string) => `libs/api/conversations/src/${name}`;
const specOf = (name: string): Catcher => ({
  kind: 'spec',
  project: 'db',
  file: conversations(`${name}.db.spec.ts`),
});

const database = 'libs/api/core/src/database/database.ts';

/** The log commits 20 ms after its answer is out. */
const commitsLater = edit(
  database,
  'return (await this.#pool.query<T>({ name, text: sql, values: parameters })).rows;',
  `if (name !== 'log_commit') return (await this.#pool.query<T>({ name, text: sql, values: parameters })).rows;
    const client = await this.#pool.connect();
    await client.query('begin');
    try {
      return (await client.query<T>({ name, text: sql, values: parameters })).rows;
    } finally {
      setTimeout(() => void client.query('commit').then(() => client.release(), () => client.release(true)), 20);
    }`,
);

/** The log tells what it is about to commit; its answer waits for the commit. */
const tellsEarly = [
  ...edit(
    conversations('log.repository.ts'),
    "const verdicts = await this.database.prepared<LogVerdict>('log_commit', commitSql, [",
    `const { tell } = operations as unknown as { tell?: (verdicts: LogVerdict[]) => void };
    const inTransaction = (text: string, values: unknown[]) =>
      this.database.transaction(async (client) => {
        const { rows } = await client.query<LogVerdict>(text, values);
        tell?.(rows);
        return rows;
      });
    const verdicts = await inTransaction(commitSql, [`,
  ),
  ...edit(
    conversations('conversation-log.service.ts'),
    'const verdicts = await this.repository.commit(operations, wait);',
    `const tell = (early: LogVerdict[]) => this.#tell(operations, early);
    const verdicts = await this.repository.commit(Object.assign([...operations], { tell }), wait);`,
  ),
  ...edit(conversations('conversation-log.service.ts'), 'setImmediate(() => this.#tell(operations, verdicts));', ''),
];

/** The server's services, and what they do around a commit. */
export const serverMutants: readonly Mutant[] = [
  {
    name: 'acknowledged-before-commit',
    broken: 'a message is acknowledged before its commit',
    edits: commitsLater,
    catcher: specOf('commits'),
  },
  {
    name: 'told-before-commit',
    broken: 'followers are told of a message before its commit',
    edits: tellsEarly,
    catcher: specOf('commits'),
  },
  {
    name: 'unknown-outcome-acknowledged',
    broken: 'a commit whose connection broke is taken for done',
    edits: edit(
      conversations('commit-queue.ts'),
      'lane.waiting.unshift(...batch.filter((waiting) => waiting.attempts < maxAttempts));',
      `for (const [index, waiting] of batch.entries())
        this.#settle(() =>
          waiting.resolve({ index, outcome: 'stored', code: null, retryAfterMs: null, seq: 1, rev: 1, at: new Date(), message: null, count: 1, author: null }),
        );`,
    ),
    catcher: { kind: 'spec', project: 'db', file: 'apps/api/src/delivery.db.spec.ts' },
  },
  {
    name: 'head-of-a-later-read',
    broken: 'changes and the head are read in two statements, and the cursor passes over what was committed between',
    edits: edit(
      conversations('conversations.repository.ts'),
      'const changes = row.changes.map(toConversationChange);',
      `if (!row.has_more) row.rev = (await this.heads([conversationId])).get(conversationId)!.rev;
    const changes = row.changes.map(toConversationChange);`,
    ),
    catcher: specOf('commits'),
  },
  {
    name: 'banned-follower-stays',
    broken: 'who is banned stays in the channel of the conversation',
    edits: edit(
      conversations('socket-follows.service.ts'),
      `if (member.state === 'joined' || member.state === 'invited') return;`,
      'if (member.state) return;',
    ),
    catcher: specOf('commits'),
  },
  {
    name: 'told-before-looked',
    broken: 'a follower hears the conversation before it was looked whether they may read it',
    edits: edit(
      'libs/api/core/src/feeds/feed-hub.ts',
      '    runner.add(socket);',
      '    runner.add(socket);\n    runner.admit(socket);',
    ),
    catcher: specOf('socket-follows'),
  },
  {
    name: 'deaf-socket-stays',
    broken: 'a socket that could not be let back into a conversation stays connected and hears nothing of it',
    edits: edit(
      conversations('socket-follows.service.ts'),
      `log.error('follows.follow_failed', error);
    socket.disconnect(true);`,
      `log.error('follows.follow_failed', error);`,
    ),
    catcher: specOf('socket-follows'),
  },
  {
    name: 'frame-does-not-end-at-a-ban',
    broken: 'a frame with a ban in it holds later messages too',
    edits: edit(
      conversations('feed-sources.ts'),
      `change.kind === 'member' && (change.member.state === 'banned' || change.member.state === 'left')`,
      'change === undefined',
    ),
    catcher: specOf('commits'),
  },
  {
    name: 'other-timeline-answered',
    broken: 'a sync with cursors of another timeline is answered as if they were its own',
    edits: edit(conversations('feed-sync.service.ts'), 'epoch !== undefined && epoch !== ours', 'false'),
    catcher: specOf('feeds'),
  },
  {
    name: 'page-below-the-floor',
    broken: 'history reads what retention took away',
    edits: edit(conversations('conversations.repository.ts'), 'greatest(own.floor_seq + 1, case', 'greatest(1, case'),
    catcher: specOf('feeds'),
  },
];
