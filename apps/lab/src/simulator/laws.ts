import type { Conversation, Membership, Message } from '@cloudhop/contracts';
import {
  type JumpWindow,
  type ClientEvent,
  type Fact,
  type Feed,
  invitationsOf,
  isCaughtUp,
  lastOf,
  membersOf,
  type ModelDatabase,
  type OutboxEntry,
  type State,
} from '@cloudhop/sdk/testing';
import { GoneTexts } from './gone-texts';
import type { LawsPart, LinkPart, TabPart, WorldPart } from './parts';

class BrokenLaw extends Error {}

interface Acknowledged {
  readonly conversationId: string;
  readonly seq: number;
}

/** Invariants of the design, checked during a program and at its end. */
export class Laws implements LawsPart {
  /** Sends that somebody was told are stored. */
  readonly #acknowledged = new Map<string, Acknowledged>();
  /** Edits and deletions that somebody was told are stored. */
  readonly #changed = new Map<string, { conversationId: string; isDeletion: boolean }>();
  /** Texts in a device's storage: they must not vanish … */
  readonly #stored = new Map<string, { userId: string; conversationId: string }>();
  /** … unless their author gave them up, or lost the place to say them. */
  readonly #excused = new Set<string>();
  readonly #excusedUsers = new Set<string>();
  readonly #lostPlaces = new Set<string>();
  readonly gone = new GoneTexts();
  #isRestored = false;

  constructor(private readonly world: WorldPart) {}

  onStep(tab: TabPart, before: State, event: ClientEvent): void {
    const after = tab.state;
    if (event.type === 'answered') this.#onAnswer(tab, before, event);
    if (event.type === 'discard' || event.type === 'remove') this.#excuse(before, event);
    if (before.feeds === after.feeds || before.epoch !== after.epoch || before.account.userId !== after.account.userId)
      return;
    // A node that has not noticed yet that a dump was restored in place answers under the epoch that is gone.
    if (after.epoch !== this.world.database.epoch) return;
    for (const [id, { cursor }] of after.feeds) {
      const was = before.feeds.get(id)?.cursor;
      if (was !== undefined && cursor !== undefined && cursor < was)
        this.#broken(`I5: a cursor went from ${was} back to ${cursor}`, tab);
    }
  }

  /**
   * A fact on its way to a socket: nothing after a ban may be in it, and no text of which this node told that it is
   * gone.
   */
  onTold({ userId, node }: LinkPart, fact: Fact): void {
    if (fact.name !== 'conversation:changed' || fact.payload.epoch !== this.world.database.epoch) return;
    const { conversationId, changes } = fact.payload;
    this.world.counts.checks++;
    const text = this.gone.inFrame(node.id, conversationId, changes);
    if (text !== undefined) this.#broken(`I13: ${text} was told after it was gone`);
    const member = this.world.database.conversations.get(fact.payload.conversationId)?.members.get(userId);
    if (member?.state !== 'banned') return;
    this.world.counts.checks++;
    const leaked = fact.payload.changes.find(({ rev }) => rev >= member.rev);
    if (leaked) this.#broken(`I6: change ${leaked.rev} was told to someone who was banned at ${member.rev}`);
  }

  /** An answer on its way to a socket. `arrivedAt` is the count of writes when its request arrived. */
  onReply(request: string, answer: unknown, arrivedAt: number): void {
    this.world.counts.checks++;
    const text = this.gone.inAnswer(answer, arrivedAt);
    if (text !== undefined) this.#broken(`I13: ${request} answers ${text}, which was gone`);
  }

  onStored(tab: TabPart, { kind, entryId, conversationId }: OutboxEntry): void {
    const {
      account: { userId },
    } = tab.state;
    if (kind === 'send' && userId !== undefined) this.#stored.set(entryId, { userId, conversationId });
  }

  /** Excuses losses of a user who was logged out or left the device. */
  excuseUser(userId: string | undefined): void {
    if (userId !== undefined) this.#excusedUsers.add(userId);
  }

  /** Memberships that the backup does not know are lost, and with them what was still to be said there. */
  restoring(backup: ModelDatabase): void {
    const { database } = this.world;
    for (const [id, { members }] of database.conversations)
      for (const userId of members.keys())
        if (database.unreadable(id, userId) === undefined && backup.unreadable(id, userId) !== undefined)
          this.#lostPlaces.add(`${userId} ${id}`);
  }

  /** Forgets acknowledgements that the restored timeline does not have. */
  restored(): void {
    this.#isRestored = true;
    this.gone.clear();
    const has = (conversationId: string, id: string) =>
      this.world.database.conversations.get(conversationId)?.log.key(id) !== undefined;
    for (const [id, { conversationId }] of this.#acknowledged)
      if (!has(conversationId, id)) this.#acknowledged.delete(id);
    for (const id of this.#stored.keys()) this.#excused.add(id);
    for (const { state } of this.world.tabs)
      if (state.account.userId !== undefined && !this.world.database.users.has(state.account.userId))
        this.excuseUser(state.account.userId);
    this.#changed.clear();
  }

  /** Between two steps: every page shows a dense run of rows, and no message twice. */
  whileRunning(tab: TabPart): void {
    const { state } = tab;
    for (const [id, { rows, first, jumpWindow }] of state.feeds) {
      this.world.counts.checks++;
      jumpWindow?.rows.forEach(({ message }, i) => {
        if (message.seq !== jumpWindow.rows[0]!.message.seq + i)
          this.#broken('I3: a hole in the rows around a message', tab);
      });
      rows.forEach(({ message }, i) => {
        if (message.seq !== first + i) this.#broken(`I3: a hole in the rows at ${first + i}`, tab);
      });
      const keys = tab.timelines.view(state, id)?.entries.map(({ key }) => key) ?? [];
      if (new Set(keys).size < keys.length) this.#broken('I2: a message is shown twice', tab);
    }
  }

  /** I12: pages at rest ask for nothing: `before` is who each was and what it had asked for 20 s ago. */
  isQuiet(before: readonly { requests: number; userId: string | undefined }[]): void {
    this.world.tabs.forEach((tab, i) => {
      const { requests, userId } = before[i]!;
      // A page that learns only now that another tab has become someone else has a reason to ask.
      if (tab.state.account.userId !== userId) return;
      this.world.counts.checks++;
      if (tab.requests !== requests) this.#broken(`I12: ${tab.requests - requests} requests without a reason`, tab);
    });
  }

  /** After everything has healed. */
  atEnd(): void {
    this.#checkLog();
    for (const tab of this.world.tabs) this.#checkTab(tab);
    for (const tab of this.world.tabs) this.#checkOrder(tab);
  }

  #onAnswer(tab: TabPart, before: State, event: ClientEvent & { type: 'answered' }): void {
    const pending = before.requests.pending.get(event.requestId);
    if (event.socket !== before.connection.socket || pending?.kind !== 'entry') return;
    const { conversationId, entryId } = pending;
    if (!event.outcome.ok) return;
    if (before.feeds.get(conversationId)?.cursor !== tab.state.feeds.get(conversationId)?.cursor)
      this.#broken('I5: an acknowledgement moved the cursor', tab);
    const entry = before.outbox.entries.find((each) => each.entryId === entryId);
    const { seq, expired } = event.outcome.data as Message & { expired?: true };
    if (!entry || expired) return;
    // An answer from before a restore speaks of a timeline that is gone, and maybe of a place that is.
    const log = this.world.database.conversations.get(conversationId)?.log;
    if (!log) return;
    const isHere =
      entry.kind === 'delete' ? log.find(entry.messageId)?.deletedAt !== undefined : log.key(entryId) !== undefined;
    if (this.#isRestored && !isHere) return;
    if (entry.kind === 'send') this.#acknowledged.set(entryId, { conversationId, seq });
    else if (entry.kind === 'edit') this.#changed.set(entryId, { conversationId, isDeletion: false });
    else if (entry.kind === 'delete') this.#changed.set(entry.messageId, { conversationId, isDeletion: true });
  }

  #excuse(before: State, event: ClientEvent & { type: 'discard' | 'remove' }): void {
    const id = event.type === 'remove' ? event.messageId : event.entryId;
    const entry = before.outbox.entries.find(({ entryId }) => entryId === id);
    this.#excused.add(entry?.messageId ?? id);
  }

  /** I1, I2, I3: in the log every acknowledged message stands once, where it was said to stand. */
  #checkLog(): void {
    const { database, counts } = this.world;
    for (const { log } of database.conversations.values()) {
      const messages = log.messages();
      const isDense = messages.every(({ seq }, i) => seq === log.floorSeq + 1 + i);
      if (!isDense || messages.length !== log.seq - log.floorSeq) this.#broken('I3: the log is not dense');
      if (new Set(messages.map(({ id }) => id)).size < messages.length) this.#broken('I2: an id is stored twice');
    }
    for (const [id, { conversationId, seq }] of this.#acknowledged) {
      counts.checks++;
      const key = this.#log(conversationId).key(id);
      if (key?.seq !== seq) this.#broken(`I1: ${id} was acknowledged as ${seq} and is ${key?.seq ?? 'lost'}`);
    }
    for (const [id, { conversationId, isDeletion }] of this.#changed) {
      counts.checks++;
      const log = this.#log(conversationId);
      const message = log.find(id);
      if (isDeletion ? message && message.deletedAt === undefined : !log.key(id))
        this.#broken(`I1: an acknowledged ${isDeletion ? 'deletion' : 'edit'} is lost`);
    }
    for (const [id, { conversationId, userId }] of this.#stored) {
      const isPlaceLost = this.#lostPlaces.has(`${userId} ${conversationId}`);
      if (this.#excused.has(id) || this.#excusedUsers.has(userId) || isPlaceLost) continue;
      counts.checks++;
      if (!this.#log(conversationId).key(id)) this.#broken(`I1: ${id} was in a device's storage and never arrived`);
    }
  }

  /** I4: what a page has is what the server has, byte for byte. */
  #checkTab(tab: TabPart): void {
    const { database } = this.world;
    const { state } = tab;
    const {
      account: { userId },
    } = state;
    if (!isCaughtUp(state) || userId === undefined) return this.#broken('I4: a page did not catch up', tab);
    if (state.outbox.entries.length > 0)
      this.#broken(`I1: still in the outbox: ${JSON.stringify(state.outbox.entries[0])}`, tab);
    this.#same(tab, 'the personal rev', state.personalFeed.rev, database.personalHead(userId).rev);
    this.#same(tab, 'oneself', state.people.users.get(userId), database.users.get(userId)!.user);
    this.#checkPersonal(tab, userId);
    for (const id of database.conversations.keys()) {
      const feed = state.feeds.get(id);
      if (database.unreadable(id, userId) !== undefined) {
        if (feed || tab.browser.storedTexts(userId, id) > 0) this.#broken('I6: readable after it was taken away', tab);
        continue;
      }
      if (!feed) this.#broken('I4: a conversation is missing', tab);
      else if (feed.cursor === undefined) this.#checkUnopened(tab, id, feed);
      else this.#checkFeed(tab, id, feed, userId);
    }
  }

  #checkPersonal(tab: TabPart, userId: string): void {
    const { friends, blocks, drafts, settings, invitations } = tab.state.personal;
    const known = this.world.database.people.stateOf(userId);
    this.#same(tab, 'the friends', byUser([...friends.values()]), byUser(known.friends));
    const levels = [...blocks].map(([otherId, level]) => ({ userId: otherId, level }));
    this.#same(tab, 'the blocks', byUser(levels), byUser(known.blocks));
    this.#same(tab, 'the settings', settings, known.settings);
    const asked = byConversation([...invitations.values()]);
    this.#same(tab, 'the invitations', asked, byConversation(invitationsOf(this.world.database, userId)));
    for (const { invitation } of asked)
      if (!tab.state.people.users.has(invitation!.invitedBy)) this.#broken('I4: an invitation by nobody', tab);
    for (const id of friends.keys())
      if (!tab.state.people.users.has(id)) this.#broken('I4: a friend without a name', tab);
    const texts = new Map(known.drafts.map(({ conversationId, body }) => [conversationId, body]));
    for (const [id, { body, local }] of drafts) {
      this.#same(tab, 'a draft', body, texts.get(id) ?? '');
      if (local) this.#broken('I4: a draft was not told', tab);
      texts.delete(id);
    }
    if (texts.size > 0) this.#broken('I4: a draft is missing', tab);
  }

  #checkUnopened(tab: TabPart, id: string, { conversation }: Feed): void {
    if (tab.state.conversations.opened.has(id) || id === this.world.lobbyId)
      this.#broken('I4: an open conversation was not read', tab);
    if (conversation.seq > this.#log(id).seq) this.#broken('I4: a head beyond the server’s', tab);
  }

  /** I4: what is shown around a message is as the server has it, also when it was read before much of it changed. */
  #checkJumpWindow(tab: TabPart, id: string, { rows, wants }: JumpWindow, floorSeq: number): void {
    if (wants) this.#broken('a page around a message was never answered', tab);
    const unlessGone = (message: Message) => withQuoteAbove(message, floorSeq);
    const shown = rows.filter(({ message }) => message.seq > floorSeq).map(({ message }) => message);
    const [first, last] = [shown[0]?.seq ?? Infinity, shown.at(-1)?.seq ?? 0];
    const messages = this.#log(id).messages(first);
    this.#same(
      tab,
      'the rows around a message',
      shown.map(unlessGone),
      messages.filter(({ seq }) => seq <= last).map(unlessGone),
    );
  }

  #checkFeed(tab: TabPart, id: string, feed: Feed, userId: string): void {
    const { database } = this.world;
    const log = this.#log(id);
    const { first, rows, conversation, readSeq } = feed;
    this.#same(tab, 'the cursor', feed.cursor, log.rev);
    const { last, deletedUnread: _known, ...shared } = conversation;
    const { deletedUnread: _deleted, ...stored } = database.conversation(id, userId);
    this.#same(tab, 'the conversation', sorted(shared), sorted(stored));
    if (feed.members && conversation.kind === 'room') {
      for (const member of feed.members.values()) {
        const now = database.member(id, member.userId);
        // In a large room whoever comes and goes is not told of.
        const isUntold = [member, now].every(({ state }) => state === 'joined' || state === 'left');
        if (!isUntold || member.state === now.state) this.#same(tab, 'a member', member, now);
      }
    } else if (feed.members) {
      const members = byUser([...feed.members.values()]);
      this.#same(tab, 'the members', members, byUser(membersOf(database, id)));
    }
    const floorSeq = database.floorOf(id, userId);
    // What a list shows of a conversation that nobody has looked into yet.
    if (last && rows.length === 0 && last.seq > floorSeq)
      this.#same(tab, 'the last message', last, lastOf(database, id));
    const messages = log.messages(first);
    const unlessGone = (message: Message) => withQuoteAbove(message, floorSeq);
    this.#same(
      tab,
      'the rows',
      rows.map(({ message }) => unlessGone(message)),
      messages.map(unlessGone),
    );
    this.#same(
      tab,
      'own reactions',
      rows.flatMap(({ message, mine }) => mine.map((emoji) => ({ seq: message.seq, emoji }))),
      log.mineOf(
        userId,
        messages.map(({ seq }) => seq),
      ),
    );
    if (feed.jumpWindow) this.#checkJumpWindow(tab, id, feed.jumpWindow, floorSeq);
    this.#same(tab, 'whether there is more', feed.hasBefore, first > floorSeq + 1);
    if (feed.ahead.size > 0) this.#broken('I5: rows above a hole', tab);
    const view = tab.timelines.view(tab.state, id);
    const own = messages.findLast(({ authorId }) => authorId === userId)?.seq ?? 0;
    if (readSeq < own) this.#broken('one’s own message counts as unread', tab);
    const unread = log.messages(Math.max(readSeq, floorSeq) + 1).filter(({ deletedAt }) => deletedAt === undefined);
    this.#same(tab, 'unread', view?.unread, unread.length);
    if (id !== this.world.lobbyId) this.#same(tab, 'the read mark', readSeq, conversation.readSeq);
  }

  /**
   * I3: what one page sent stands in the order in which it was sent; what its author took back may come late, to be
   * deleted.
   */
  #checkOrder({ sent }: TabPart): void {
    // What a restore took away is sent again behind what was said since.
    if (this.#isRestored) return;
    for (const { log } of this.world.database.conversations.values()) {
      const seqs = sent.flatMap((id) => (this.#excused.has(id) ? [] : (log.key(id)?.seq ?? [])));
      this.world.counts.checks++;
      if (seqs.some((seq, i) => i > 0 && seq < seqs[i - 1]!))
        this.#broken(`I3: sent in order, stored as ${seqs.join(' ')}`);
    }
  }

  #log(conversationId: string) {
    return this.world.database.conversations.get(conversationId)!.log;
  }

  #same(tab: TabPart, what: string, here: unknown, there: unknown): void {
    this.world.counts.checks++;
    const [own, server] = [JSON.stringify(here), JSON.stringify(there)];
    if (own !== server) this.#broken(`I4: ${what}\n  page:   ${own}\n  server: ${server}`, tab);
  }

  #broken(law: string, tab?: TabPart): never {
    throw new BrokenLaw(tab ? `${law} (${tab.id})` : law);
  }
}

/**
 * A message as it is drawn, in one order of keys: the quote without its rev, which may count reactions that it does not
 * show, and none of what its reader has deleted for themselves.
 */
function withQuoteAbove({ quote, ...message }: Message, floorSeq: number): unknown {
  if (!quote || quote.seq <= floorSeq) return message;
  const { rev: _, ...shown } = quote;
  return { ...message, quote: shown };
}

function byUser<T extends { userId: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => (a.userId < b.userId ? -1 : 1));
}

function byConversation(memberships: readonly Membership[]): Membership[] {
  return [...memberships].sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1));
}

function sorted(conversation: Conversation): [string, unknown][] {
  return Object.entries(conversation).sort(([a], [b]) => (a < b ? -1 : 1));
}
