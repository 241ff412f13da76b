import type { Message } from '@cloudhop/contracts';
import { lobbyId, me, other } from '../testing/worlds';
import { applyFrame, applyPage, applySyncPage, resetFeed } from './feed';

const message = (seq: number, rev: number, body: string): Message => ({
  conversationId: lobbyId,
  id: `01900000-0000-7000-8000-0000000001${String(seq).padStart(2, '0')}`,
  seq,
  rev,
  authorId: other,
  body,
  createdAt: '2026-01-01T00:00:00.000Z',
  reactions: [],
  attachments: [],
});

const conversation = {
  id: lobbyId,
  kind: 'lobby',
  slowModeMs: 0,
  seq: 1,
  rev: 5,
  floorSeq: 0,
  role: 'member',
} as const;
const aFeed = () =>
  resetFeed(
    undefined,
    { conversation, messages: [message(1, 5, 'new')], hasBefore: false, users: [], mine: [] },
    'someone',
  );

describe('a feed', () => {
  it('I4: keeps the higher rev of a row, whatever order its states come in', () => {
    const page = {
      rev: 5,
      seq: 1,
      floorSeq: 0,
      changes: [{ kind: 'message' as const, rev: 3, message: message(1, 3, 'old') }],
    };
    const feed = applySyncPage(aFeed(), { ...page, mine: [{ seq: 1, emoji: '🎉' }], more: false }, me);
    expect(feed.rows).toEqual([{ message: message(1, 5, 'new'), mine: [] }]);
    expect(feed.cursor).toBe(5);
  });

  it('I5: applies of an overlapping frame only what is above the cursor', () => {
    const changes = [
      { kind: 'message' as const, rev: 5, message: message(1, 5, 'again') },
      { kind: 'message' as const, rev: 6, message: message(2, 6, 'next') },
    ];
    const feed = applyFrame(
      aFeed(),
      { epoch: 'e', conversationId: lobbyId, fromRev: 4, toRev: 6, changes, users: [] },
      me,
    );
    expect(feed.rows.map((row) => row.message.body)).toEqual(['new', 'next']);
    expect(feed.cursor).toBe(6);
  });

  it('I4: asks whose the reactions are when their counts are the same but a change was passed over', () => {
    const before = { ...message(1, 5, 'new'), reactions: [{ emoji: '🎉', count: 1 }] };
    const feed = { ...aFeed(), rows: [{ message: before, mine: [] }] };
    const state = (body: string, rev: number) => ({ kind: 'message' as const, rev, message: { ...before, body, rev } });
    const frame = { epoch: 'e', conversationId: lobbyId, users: [] };
    const edited = applyFrame(feed, { ...frame, fromRev: 5, toRev: 6, changes: [state('edited', 6)] }, me);
    expect(edited.rows[0]).not.toHaveProperty('isMineStale');
    // A repair tells the latest states only: of revs 6 and 7, in which hands may have changed, nothing is known.
    const other = { kind: 'message' as const, rev: 8, message: message(2, 8, 'next') };
    const repaired = applyFrame(feed, { ...frame, fromRev: 5, toRev: 8, changes: [other] }, me);
    const later = applyFrame(repaired, { ...frame, fromRev: 8, toRev: 9, changes: [state('edited', 9)] }, me);
    expect(later.rows[0]).toMatchObject({ message: { body: 'edited' }, isMineStale: true });
  });

  it('I4: a page of history is brought up to what changed while it was on its way', () => {
    const row = { message: message(2, 5, 'new'), mine: [] };
    const page = { purpose: 'before', requestId: 1, before: 2, cursorWhenAsked: 5, pendingChanges: [] } as const;
    const asking = { ...aFeed(), conversation: { ...conversation, seq: 2 }, first: 2, rows: [row], page };
    const changes = [{ kind: 'message' as const, rev: 6, message: message(1, 6, 'edited') }];
    const frame = { epoch: 'e', conversationId: lobbyId, fromRev: 5, toRev: 6, changes, users: [] };
    const reply = { messages: [message(1, 3, 'old')], users: [], mine: [], rev: 5, hasBefore: false, hasAfter: true };
    const { feed } = applyPage(applyFrame(asking, frame, me), reply, me);
    expect(feed.rows.map((each) => each.message.body)).toEqual(['edited', 'new']);
  });

  it('has what stands above one’s own message as read, also when that is found in a page of history', () => {
    const row = { message: message(2, 5, 'new'), mine: [] };
    const page = { purpose: 'before', requestId: 1, before: 2, cursorWhenAsked: 5, pendingChanges: [] } as const;
    const asking = { ...aFeed(), conversation: { ...conversation, seq: 2 }, first: 2, rows: [row], page, readSeq: 0 };
    const own = { ...message(1, 3, 'mine'), authorId: me };
    const reply = { messages: [own], users: [], mine: [], rev: 5, hasBefore: false, hasAfter: true };
    expect(applyPage(asking, reply, me).feed.readSeq).toBe(1);
    expect(applyPage({ ...asking, readSeq: 2 }, reply, me).feed.readSeq).toBe(2);
  });

  it('I4: keeps what a quote says by now when its answer is read again as of before', () => {
    const quoted = (body: string, rev: number) => ({ seq: 1, rev, authorId: other, body });
    const answer = (quote: ReturnType<typeof quoted>) => ({ ...message(2, 6, 'answer'), quote });
    const feed = { ...aFeed(), rows: [{ message: answer(quoted('edited', 9)), mine: [] }], first: 2 };
    const page = { rev: 9, seq: 2, floorSeq: 0, mine: [], more: false };
    const change = { kind: 'message' as const, rev: 6, message: answer(quoted('old', 5)) };
    const read = applySyncPage(feed, { ...page, changes: [change] }, me);
    expect(read.rows.at(-1)!.message.quote?.body).toBe('edited');
  });

  it('shows rows only up to the first hole, and closes it when the missing row comes', () => {
    const page = { rev: 7, seq: 3, floorSeq: 0, mine: [], more: true };
    const first = applySyncPage(
      aFeed(),
      { ...page, changes: [{ kind: 'message', rev: 7, message: message(3, 7, 'c') }] },
      me,
    );
    expect(first.rows.map((row) => row.message.body)).toEqual(['new']);
    const change = { kind: 'message' as const, rev: 8, message: message(2, 8, 'b, edited') };
    const second = applySyncPage(first, { ...page, rev: 8, changes: [change], more: false }, me);
    expect(second.rows.map((row) => row.message.body)).toEqual(['new', 'b, edited', 'c']);
  });

  it('I4: keeps nothing of a row that waited above a hole and changed again in the page that closed it', () => {
    const page = { rev: 7, seq: 3, floorSeq: 0, mine: [], more: true };
    const first = applySyncPage(
      aFeed(),
      { ...page, changes: [{ kind: 'message', rev: 7, message: message(3, 7, 'c') }] },
      me,
    );
    const changes = [
      { kind: 'message' as const, rev: 8, message: message(2, 8, 'b') },
      { kind: 'message' as const, rev: 9, message: message(3, 9, 'c, edited') },
    ];
    const second = applySyncPage(first, { ...page, rev: 9, changes, more: false }, me);
    expect(second.rows.map((row) => row.message.body)).toEqual(['new', 'b', 'c, edited']);
    expect(second.ahead.size).toBe(0);
  });
});
