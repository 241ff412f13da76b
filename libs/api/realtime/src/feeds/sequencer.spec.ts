import * as fc from 'fast-check';
import { type FeedChange, type FeedFrame, type FeedHead, type FeedPage, conversationFeed } from './feed';
import { Sequencer } from './sequencer';

const conversationId = '01900000-0000-7000-8000-000000000001';
const feed = conversationFeed(conversationId);
const earlyFrameMs = 250;

/** A log in which every change is an edit of one of five messages, so that latest states hide earlier ones. */
function change(rev: number): FeedChange {
  const seq = (rev % 5) + 1;
  const message = {
    conversationId,
    id: `m${seq}`,
    seq,
    rev,
    authorId: 'a',
    body: `at ${rev}`,
    createdAt: '',
    reactions: [],
    attachments: [],
  };
  return { kind: 'message', rev, message };
}

function head(rev: number): FeedHead {
  return { rev, seq: 5, floorSeq: 0, isPrivate: false };
}

function frame(fromRev: number, toRev: number): FeedFrame {
  const changes = Array.from({ length: toRev - fromRev }, (_, i) => change(fromRev + 1 + i));
  return { feed, fromRev, toRev, changes, users: [] };
}

/** Returns the page of Postgres at `rev`: the latest state of each changed message, by rev. */
function page(fromRev: number, rev: number, limit = 3): FeedPage {
  const latest = new Map<number, FeedChange>();
  for (let r = fromRev + 1; r <= rev; r++) latest.set((r % 5) + 1, change(r));
  const all = [...latest.values()].sort((a, b) => a.rev - b.rev);
  const changes = all.slice(0, limit);
  const hasMore = all.length > limit;
  return { head: head(rev), toRev: hasMore ? changes.at(-1)!.rev : rev, isReset: false, hasMore, changes, users: [] };
}

function aSequencer(): Sequencer {
  return new Sequencer(feed, { earlyFrameMs, ring: 8, frameChanges: 4, frameBytes: 100_000, isCutOff: () => false });
}

function drain(sequencer: Sequencer): FeedFrame[] {
  const frames: FeedFrame[] = [];
  for (let next = sequencer.take(); next !== undefined; next = sequencer.take()) frames.push(next);
  return frames;
}

test('I5: whatever is lost, doubled or reordered on the way, one gapless stream comes out and reaches the head', () => {
  const step = fc.record({
    kind: fc.constantFrom('deliver', 'drop', 'double', 'later', 'check', 'time', 'failRepair'),
    size: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), fc.array(step, { maxLength: 40 }), (start, steps) => {
      const sequencer = aSequencer();
      let rev = start;
      let now = 0;
      const later: FeedFrame[] = [];
      const out: FeedFrame[] = [];
      const repair = (fails: boolean) => {
        const fromRev = sequencer.beginRepair(now);
        if (fromRev !== undefined) sequencer.endRepair(fromRev, fails ? undefined : page(fromRev, rev), now);
      };
      sequencer.start(head(rev), now);
      for (const { kind, size } of steps) {
        if (kind === 'time') {
          now += earlyFrameMs;
          for (const late of later.splice(0)) sequencer.accept(late, now);
        } else if (kind === 'check') sequencer.noticeHead(rev);
        else if (kind === 'failRepair') repair(true);
        else {
          const next = frame(rev, rev + size);
          rev += size;
          if (kind === 'later') later.unshift(next);
          else if (kind !== 'drop') sequencer.accept(next, now);
          if (kind === 'double') sequencer.accept(next, now);
        }
        repair(false);
        out.push(...drain(sequencer));
      }
      // The next head check finds whatever was lost.
      sequencer.noticeHead(rev);
      for (let round = 0; round < 10 && sequencer.head!.rev < rev; round++) {
        now += earlyFrameMs;
        repair(false);
      }
      out.push(...drain(sequencer));

      let reached = start;
      for (const each of out) {
        expect(each.fromRev).toBe(reached);
        expect(each.changes.length).toBeLessThanOrEqual(4);
        for (const { rev: at } of each.changes) {
          expect(at).toBeGreaterThan(reached);
          reached = at;
        }
        expect(each.toRev).toBeGreaterThanOrEqual(reached);
        reached = each.toRev;
      }
      expect(reached).toBe(rev);
    }),
    { numRuns: 2_000 },
  );
});

test('a sync from memory answers the same rows as Postgres would, or leaves it to Postgres', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 20 }), fc.nat(60), (sizes, cursor) => {
      const sequencer = aSequencer();
      sequencer.start(head(0), 0);
      let rev = 0;
      for (const size of sizes) sequencer.accept(frame(rev, (rev += size)), 0);
      let at = cursor;
      const seen = new Map<number, number>();
      for (let answer = sequencer.since(at, rev); answer !== undefined; answer = sequencer.since(at, rev)) {
        for (const each of answer.changes) if (each.kind === 'message') seen.set(each.message.seq, each.rev);
        at = answer.toRev;
        if (!answer.hasMore) break;
      }
      if (sequencer.since(cursor, rev) === undefined) {
        expect(cursor > rev || cursor < rev - 8 + 1).toBe(true);
        return;
      }
      expect(at).toBe(rev);
      for (const each of page(cursor, rev, 100).changes)
        if (each.kind === 'message') expect(seen.get(each.message.seq)).toBe(each.rev);
    }),
  );
});

test('a frame that came too early waits for the one before it, and is repaired after 250 ms', () => {
  const sequencer = aSequencer();
  sequencer.start(head(0), 0);
  sequencer.accept(frame(2, 3), 1_000);
  expect(drain(sequencer)).toEqual([]);
  expect(sequencer.repairWait(1_100)).toBe(150);
  sequencer.accept(frame(0, 2), 1_200);
  expect(drain(sequencer)).toMatchObject([{ fromRev: 0, toRev: 3 }]);
  expect(sequencer.repairWait(2_000)).toBeUndefined();
});

test('what came before the position was known is put in order', () => {
  const sequencer = aSequencer();
  sequencer.accept(frame(6, 7), 0);
  sequencer.accept(frame(4, 6), 0);
  expect(drain(sequencer)).toEqual([]);
  sequencer.start(head(5), 0);
  expect(drain(sequencer)).toMatchObject([{ fromRev: 5, toRev: 7, changes: [{ rev: 6 }, { rev: 7 }] }]);
});

test('a frame ends at a change that takes somebody’s reading away', () => {
  const isCutOff = (each: FeedChange) => each.rev === 2;
  const sequencer = new Sequencer(feed, { earlyFrameMs, ring: 8, frameChanges: 10, frameBytes: 100_000, isCutOff });
  sequencer.start(head(0), 0);
  sequencer.accept(frame(0, 4), 0);
  expect(drain(sequencer)).toMatchObject([
    { fromRev: 0, toRev: 2 },
    { fromRev: 2, toRev: 4 },
  ]);
});

test('after a restart of the timeline subscribers see a gap, and so sync', () => {
  const sequencer = aSequencer();
  sequencer.start(head(9), 0);
  sequencer.restart(head(4));
  expect(drain(sequencer)).toEqual([{ feed, fromRev: 4, toRev: 4, changes: [], users: [] }]);
  expect(sequencer.since(3, 3)).toBeUndefined();
});

const reaction: FeedChange = { kind: 'reaction', rev: 3, seq: 1, emoji: '🎉', count: 1, userId: 'b', on: true };

test('I4: a sync is not answered with a reaction alone: its reader may lack an earlier change of the message', () => {
  const sequencer = aSequencer();
  sequencer.start(head(2), 0);
  sequencer.accept({ ...frame(2, 2), toRev: 3, changes: [reaction] }, 0);
  expect(sequencer.since(2, 3)).toBeUndefined();
  expect(sequencer.since(3, 3)).toMatchObject({ toRev: 3, changes: [] });
});

test('I4: a live reaction waits while a repair has yet to tell the text of its message', () => {
  const sequencer = aSequencer();
  sequencer.start(head(0), 0);
  sequencer.noticeHead(3);
  const text = { ...change(5), rev: 3 };
  const pages = [
    { ...page(1, 2), head: head(3), hasMore: true },
    { ...page(2, 3), changes: [text] },
  ];
  for (const each of pages) {
    sequencer.endRepair(sequencer.beginRepair(0)!, each, 0);
    sequencer.accept({ ...frame(2, 2), toRev: 3, changes: [reaction] }, 0);
  }
  expect(drain(sequencer).flatMap(({ changes }) => changes)).toEqual([change(2), text]);
});

describe('I13', () => {
  interface Entry {
    seq: number;
    rev: number;
    text: string;
    quotes?: number | undefined;
  }
  const nothing = { epoch: '', createdAt: '', attachments: [] };

  /** A log of short texts that are all different, some of which quote earlier ones. */
  class Log {
    readonly entries: Entry[] = [];
    readonly gone: string[] = [];
    rev = 0;
    floorSeq = 0;
    #texts = 0;

    send(quotes: number | undefined): FeedChange {
      const seq = this.entries.length + 1;
      const quoted = quotes === undefined || seq === 1 ? undefined : 1 + (quotes % (seq - 1));
      this.entries.push({ seq, rev: ++this.rev, text: this.#text(), quotes: quoted });
      return this.#state(seq);
    }

    write(at: number, kind: 'edit' | 'delete' | 'react'): FeedChange | undefined {
      if (this.entries.length === 0) return undefined;
      const entry = this.entries[at % this.entries.length]!;
      if (entry.text === '' || entry.seq <= this.floorSeq) return undefined;
      const rev = ++this.rev;
      if (kind === 'react')
        return { kind: 'reaction', rev, seq: entry.seq, emoji: '🎉', count: 1, userId: 'b', on: true };
      this.gone.push(entry.text);
      Object.assign(entry, { rev, text: kind === 'edit' ? this.#text() : '', quotes: undefined });
      return this.#state(entry.seq);
    }

    raiseFloor(): FeedChange {
      this.floorSeq = Math.min(this.entries.length, this.floorSeq + 1);
      const text = this.entries[this.floorSeq - 1]?.text ?? '';
      if (text !== '') this.gone.push(text);
      return { kind: 'floor', rev: ++this.rev, floorSeq: this.floorSeq };
    }

    /** Requires current texts only. */
    expectNoneOfTheGone(changes: unknown): void {
      const told = JSON.stringify(changes);
      expect(this.gone.filter((text) => told.includes(text))).toEqual([]);
    }

    #text(): string {
      return `<${++this.#texts}>`;
    }

    #state(seq: number): FeedChange {
      const { rev, text, quotes } = this.entries[seq - 1]!;
      const quoted = quotes !== undefined && quotes > this.floorSeq ? this.entries[quotes - 1] : undefined;
      const message = {
        ...nothing,
        conversationId,
        id: `m${seq}`,
        seq,
        rev,
        authorId: 'a',
        body: text,
        reactions: [],
        ...(text === '' && { deletedAt: 'now' }),
        ...(quoted && { quote: { seq: quoted.seq, rev: quoted.rev, authorId: 'a', body: quoted.text } }),
      };
      return { kind: text === '' ? 'deleted' : 'message', rev, message };
    }
  }

  const operation = fc.record({
    kind: fc.constantFrom('send', 'send', 'edit', 'delete', 'react', 'floor', 'take', 'hold'),
    at: fc.nat(9),
    isReply: fc.boolean(),
  });

  test('memory and waiting frames hold no text that was deleted, edited away or removed, nor a quote of it', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const log = new Log();
        const sequencer = new Sequencer(feed, {
          earlyFrameMs,
          ring: 100,
          frameChanges: 5,
          frameBytes: 100_000,
          isCutOff: () => false,
        });
        sequencer.start(head(0), 0);
        const late: FeedFrame[] = [];
        for (const { kind, at, isReply } of operations) {
          // Changes in flight from another node are not known here yet.
          if (kind === 'take') {
            const taken = sequencer.take() ?? [];
            if (late.length === 0) log.expectNoneOfTheGone(taken);
          } else if (kind === 'hold') {
            for (const frame of late.splice(0).reverse()) sequencer.accept(frame, 0);
          } else {
            const next =
              kind === 'send'
                ? log.send(isReply ? at : undefined)
                : kind === 'floor'
                  ? log.raiseFloor()
                  : log.write(at, kind);
            if (next) late.push({ feed, fromRev: log.rev - 1, toRev: log.rev, changes: [next], users: [] });
            if (at > 2) for (const frame of late.splice(0)) sequencer.accept(frame, 0);
          }
          // For a client that has just read the head, at any cursor: from memory, or not at all.
          for (const cursor of [0, Math.floor(log.rev / 2)]) {
            const page = sequencer.since(cursor, log.rev);
            log.expectNoneOfTheGone(page?.changes ?? []);
            if (late.length > 0) expect(page).toBeUndefined();
          }
        }
        for (const frame of late) sequencer.accept(frame, 0);
        log.expectNoneOfTheGone(drain(sequencer));
        // Everything that exists now was emitted.
        expect(sequencer.head?.rev).toBe(log.rev);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a former name is told of nobody once the new one is known', () => {
    const user = (profileRev: number, displayName: string) =>
      ({ id: 'a', kind: 'guest', displayName, profileRev }) as FeedFrame['users'][number];
    const sequencer = aSequencer();
    sequencer.start(head(0), 0);
    sequencer.accept({ ...frame(0, 1), users: [user(1, 'Former')] }, 0);
    sequencer.noticeUser(user(2, 'New'));
    sequencer.accept({ ...frame(1, 2), users: [user(1, 'Former')] }, 0);
    expect(JSON.stringify([drain(sequencer), sequencer.since(0, 2)])).not.toContain('Former');
  });
});
