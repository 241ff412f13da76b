import { type Catcher, type Mutant, edit } from './mutant';

const conversations = (name: string) => `libs/api/conversations/src/${name}`;
const specOf = (name: string): Catcher => ({
  kind: 'spec',
  project: 'db',
  file: conversations(`${name}.db.spec.ts`),
});

const badRows: Catcher = { kind: 'spec', project: 'db', file: 'libs/api/schema/src/bad-rows.db.spec.ts' };

const database = 'libs/api/database/src/database.ts';

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
    `const tell = (early: LogVerdict[]) => this.#publish(operations, early);
    const verdicts = await this.repository.commit(Object.assign([...operations], { tell }), wait);`,
  ),
  ...edit(
    conversations('conversation-log.service.ts'),
    "setImmediate(() => isolate(log, 'log.tell_failed', () => this.#publish(operations, verdicts)));",
    '',
  ),
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
    broken: 'subscribers are told of a message before its commit',
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
      'const changes = toConversationChanges(conversationId, row.changes);',
      `if (!row.has_more) row.rev = (await this.heads([conversationId])).get(conversationId)!.rev;
    const changes = toConversationChanges(conversationId, row.changes);`,
    ),
    catcher: specOf('commits'),
  },
  {
    name: 'banned-subscriber-stays',
    broken: 'who is banned stays in the channel of the conversation',
    edits: edit(
      conversations('socket-subscriptions.service.ts'),
      `if (member.state === 'joined' || member.state === 'invited') return;`,
      'if (member.state) return;',
    ),
    catcher: specOf('commits'),
  },
  {
    name: 'told-before-looked',
    broken: 'a subscriber hears the conversation before it was looked whether they may read it',
    edits: edit(
      'libs/api/realtime/src/feeds/feed-hub.ts',
      '    runner.add(socket);',
      '    runner.add(socket);\n    runner.activate(socket);',
    ),
    catcher: specOf('socket-subscriptions'),
  },
  {
    name: 'deaf-socket-stays',
    broken: 'a socket that could not be let back into a conversation stays connected and hears nothing of it',
    edits: edit(
      conversations('socket-subscriptions.service.ts'),
      `log.error('subscriptions.subscribe_failed', error);
    socket.disconnect(true);`,
      `log.error('subscriptions.subscribe_failed', error);`,
    ),
    catcher: specOf('socket-subscriptions'),
  },
  {
    name: 'frame-does-not-end-at-a-ban',
    broken: 'a frame with a ban in it holds later messages too',
    edits: edit(
      conversations('conversation-feed.source.ts'),
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
  {
    name: 'bad-row-fails-its-page',
    broken: 'one message that can’t be rendered fails the page it stands in',
    edits: edit(conversations('rows.ts'), 'return renderRows(messages, rows);', 'return rows.map(toMessage);'),
    catcher: badRows,
  },
  {
    name: 'bad-row-holds-its-feed-up',
    broken: 'one change that can’t be rendered holds its personal feed up for ever',
    edits: edit(
      'libs/api/personal-feed/src/personal-feed.repository.ts',
      'toRev: row!.has_more ? row!.changes.at(-1)!.rev : row!.rev,',
      'toRev: this.kinds.toChanges(userId, row!.changes).at(-1)?.rev ?? rev,',
    ),
    catcher: badRows,
  },
  {
    name: 'sweep-stops-at-bad-row',
    broken: 'one conversation that can’t be indexed is looked at again and again, and stops the others',
    edits: edit(
      conversations('search/search-indexer.service.ts'),
      'if (isRetriable(error) || isConnectionLost(error)) throw error;',
      'throw error;',
    ),
    catcher: badRows,
  },
  {
    name: 'unkeepable-text-let-in',
    broken: 'text that Postgres can’t keep gets past the edge',
    edits: edit('libs/api/platform/src/parse-input.ts', "value.isWellFormed() && !value.includes('\\0')", 'true'),
    catcher: { kind: 'spec', project: 'db', file: 'apps/api/src/unkeepable-text.db.spec.ts' },
  },
  {
    name: 'sessions-cut-by-feeds-alone',
    broken: 'the sockets of an ended session learn of it by their user’s feed alone',
    edits: edit('libs/api/auth/src/sessions.service.ts', 'this.cuts.end([sessionId], reason);', ''),
    catcher: { kind: 'spec', project: 'db', file: 'libs/api/auth/src/auth.sockets.db.spec.ts', test: 'I14' },
  },
  {
    name: 'strangers-told-of-bans',
    broken: 'a ban of somebody who was never there is written into their feed',
    edits: edit('libs/api/rooms/src/sql/membership_is_told_v1.sql', "select p_kind = 'lobby'", 'select true'),
    catcher: { kind: 'spec', project: 'db', file: 'libs/api/rooms/src/members.db.spec.ts' },
  },
  {
    name: 'full-disk-taken-for-a-bad-row',
    broken: 'a batch that finds no room is split in search of a bad row',
    edits: edit(conversations('commit-queue.ts'), 'if (isServerTrouble(error)) {', 'if (false) {'),
    catcher: { kind: 'spec', project: 'unit', file: conversations('commit-queue.spec.ts') },
  },
  {
    name: 'errors-logged-whole',
    broken: 'a log line holds all that an error holds',
    edits: edit(
      'libs/api/platform/src/logger.ts',
      'value instanceof Error);',
      'value instanceof Error && value.message.length > 999);',
    ),
    catcher: { kind: 'spec', project: 'unit', file: 'libs/api/platform/src/logger.spec.ts' },
  },
];
