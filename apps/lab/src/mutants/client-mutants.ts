import { type Catcher, type Mutant, edit } from './mutant';

const servers: Catcher = { kind: 'simulator', setting: 'servers' };
const devices: Catcher = { kind: 'simulator', setting: 'devices' };
const syncSpec: Catcher = { kind: 'spec', project: 'unit', file: 'libs/sdk/src/core/sync.spec.ts' };
const storageSpec: Catcher = { kind: 'spec', project: 'unit', file: 'libs/sdk/src/storage/storage.spec.ts' };
const feedSpec: Catcher = { kind: 'spec', project: 'unit', file: 'libs/sdk/src/core/feed.spec.ts' };
const senderSpec: Catcher = { kind: 'spec', project: 'unit', file: 'libs/sdk/src/core/outbox-sender.spec.ts' };

const core = (file: string) => `libs/sdk/src/core/${file}.ts`;

/** The client's core, which the simulator runs as it is. */
export const clientMutants: readonly Mutant[] = [
  {
    name: 'deleted-is-unread',
    broken: 'deleted messages count as unread where the device does not hold them',
    edits: edit(core('unread'), 'conversation.deletedUnread?.filter((seq) => seq > mark)', '[]'),
    catcher: devices,
  },
  {
    name: 'page-over-newer-change',
    broken: 'a page of history takes back what changed while it was on its way',
    edits: edit(
      core('history-page'),
      'caughtUpRow(knownRow(message, mine.get(message.seq)), request.pendingChanges, userId, passedOver)',
      'knownRow(message, mine.get(message.seq))',
    ),
    catcher: feedSpec,
  },
  {
    name: 'old-page-taken',
    broken: 'a page that was read below the cursor is taken',
    edits: edit(core('history-page'), 'reply.rev < request.cursorWhenAsked', 'false'),
    catcher: syncSpec,
  },
  {
    name: 'quote-stands-still',
    broken: 'a reply goes on showing what its message said before it was edited or deleted',
    edits: edit(core('feed-draft'), '    this.#requote(message);\n', ''),
    catcher: devices,
  },
  {
    name: 'old-quote-taken',
    broken: 'a reply that is read again brings back what its message said before',
    edits: edit(core('feed-draft'), 'withNewerQuote(read, this.#find(read.message.seq))', 'read'),
    catcher: feedSpec,
  },
  {
    name: 'gap-ignored',
    broken: 'a frame is applied although the ones before it are missing',
    edits: edit(core('sync'), 'else if (frame.fromRev > feed.cursor) rest.push(frame);', ''),
    catcher: servers,
  },
  {
    name: 'empty-frame-ignored',
    broken: 'the frame that shows a gap starts no sync',
    edits: edit(core('sync'), 'if (rest.length > 0) {', 'if (rest.some(({ changes }) => changes.length > 0)) {'),
    catcher: syncSpec,
  },
  {
    name: 'duplicate-applied',
    broken: 'a change that is here already is applied again over what is newer',
    edits: [
      ...edit(core('feed'), 'frame.changes.filter(({ rev }) => rev > cursor)', 'frame.changes'),
      ...edit(core('feed-draft'), 'if (!before || message.rev > before.message.rev)\n', ''),
      ...edit(
        core('feed-draft'),
        'rev <= (this.#feed.cursor ?? -1)) return;\n    const { members',
        'false) return;\n    const { members',
      ),
      ...edit(core('feed'), 'if (frame.toRev <= cursor) return feed;', ''),
    ],
    catcher: feedSpec,
  },
  {
    name: 'acknowledgement-moves-cursor',
    broken: 'the acknowledgement of one’s own message moves the cursor over what others wrote before it',
    edits: edit(
      core('outbox-sender'),
      `if ('expired' in data) return dropEntries(ctx, new Set([entryId]));`,
      `if ('expired' in data) return dropEntries(ctx, new Set([entryId]));
  const own = ctx.state.feeds.get(entry.conversationId);
  if (own?.cursor !== undefined && own.cursor < data.rev)
    ctx.setFeed(entry.conversationId, { ...own, cursor: data.rev });`,
    ),
    catcher: servers,
  },
  {
    name: 'other-timeline-believed',
    broken: 'cursors of another timeline are kept after a restore of the database',
    edits: edit(
      core('sync'),
      'if (ctx.state.epoch !== undefined && reply.epoch !== ctx.state.epoch) dropCursors(ctx, reply.epoch);',
      '',
    ),
    catcher: servers,
  },
  {
    name: 'sent-stays-sent',
    broken: 'what was acknowledged on another timeline is not sent again',
    edits: edit(core('sync'), `entry.state === 'sent' ? inState(entry, { state: 'waiting' }) : entry`, 'entry'),
    catcher: servers,
  },
  {
    name: 'finished-entry-comes-back',
    broken: 'a late write of one tab brings back what another has finished with',
    edits: edit(
      'libs/sdk/src/storage/stored-user.ts',
      'if (!isLateEntry(user.outbox.get(entry.entryId), entry)) user.outbox.set(entry.entryId, entry);',
      'user.outbox.set(entry.entryId, entry);',
    ),
    catcher: storageSpec,
  },
  {
    name: 'outbox-lost-on-reload',
    broken: 'a reloaded page forgets what waited to be sent',
    edits: edit(core('restore'), 'for (const entry of stored) byId.set(entry.entryId, reviveEntry(entry, epoch));', ''),
    catcher: devices,
  },
  {
    name: 'leaves-before-stored',
    broken: 'a message leaves before the device has stored it',
    edits: edit(core('outbox-sender'), '!entry.isStored ||', ''),
    catcher: senderSpec,
  },
  {
    name: 'order-not-kept',
    broken: 'the next message leaves while the one before is on its way',
    edits: [
      ...edit(core('outbox-sender'), `if (entries.some(({ state }) => state === 'sending')) return undefined;`, ''),
      ...edit(
        core('outbox-sender'),
        `if (entry.state === 'sent') continue;`,
        `if (entry.state === 'sent' || entry.state === 'sending') continue;`,
      ),
    ],
    catcher: servers,
  },
  {
    name: 'read-mark-told-once',
    broken: 'a read mark whose answer was lost is never told again',
    edits: edit(core('socket'), 'const readSent = feed.conversation.readSeq ?? 0;', 'const { readSent } = feed;'),
    catcher: servers,
  },
  {
    name: 'outbox-of-another-user',
    broken: 'what one user wrote leaves as the next one',
    edits: edit(core('outbox'), 'if (userId !== ctx.state.account.userId) return;', ''),
    catcher: senderSpec,
  },
  {
    name: 'unread-memberships-dropped',
    broken: 'a conversation that came while the connection broke is never read',
    edits: edit(core('connection'), '[...opened, ...ctx.state.conversations.neverOpened]', '[...opened]'),
    catcher: servers,
  },
  {
    name: 'two-tabs-one-cursor',
    broken: 'a tab that is behind overwrites what another one stored',
    edits: edit(
      'libs/sdk/src/storage/client-storage.ts',
      'const isSameEpoch = stored !== undefined && stored.epoch === write.epoch;',
      `const isSameEpoch = stored !== undefined && stored.epoch === write.epoch;
  if (stored !== undefined) return 'stored';`,
    ),
    catcher: storageSpec,
  },
  {
    name: 'journal-written-late',
    broken: 'what was just said is in the journal only once the writes before it are done',
    edits: edit(
      'libs/sdk/src/shell/storage-writer.ts',
      "if ('body' in entry && entry.state === 'waiting') this.storage.journal.write(entry);",
      'this.#after(async () => this.storage.journal.write(entry));',
    ),
    catcher: { kind: 'spec', project: 'unit', file: 'libs/sdk/src/shell/storage-writer.spec.ts' },
  },
  {
    name: 'entry-taken-back',
    broken: 'a tab that is behind takes an outbox entry back behind what another one has made of it',
    edits: edit(
      'libs/sdk/src/storage/client-storage.ts',
      'stored.owner !== entry.owner && stored.touchedAt > entry.touchedAt',
      'false',
    ),
    catcher: storageSpec,
  },
  {
    name: 'draft-settles-early',
    broken: 'what was typed gives way at its acknowledgement, before the feed has told it',
    edits: edit(
      'libs/sdk/src/core/drafts.ts',
      'local.stored.body === local.body && local.stored.rev <= personalRev',
      'local.stored.body === local.body',
    ),
    catcher: { kind: 'spec', project: 'unit', file: 'libs/sdk/src/core/drafts.spec.ts' },
  },
  {
    name: 'cleared-here-only-later',
    broken: 'what was deleted for oneself on another device stays until the next snapshot',
    edits: edit('libs/sdk/src/core/personal.ts', 'membership.clearedSeq ?? 0', '0'),
    catcher: syncSpec,
  },
];
