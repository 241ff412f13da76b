import * as fc from 'fast-check';
import type { ModelDevice } from '../testing/model-device';
import type { ModelServer } from '../testing/model-server';
import { aWorld, lobbyId, me, other, type World } from '../testing/worlds';
import { isCaughtUp } from './connection';

const emojis = ['🎉', '🌷', '😀'];

/** One thing that happens; `n` picks what it happens to. */
const happenings = {
  remoteSend: ({ server, clock }: World, n: number) =>
    server.answer(other, 'message:send', { conversationId: lobbyId, id: clock.nextId(), body: `r${n}` }),
  remoteEdit: ({ server, clock }: World, n: number) => {
    const id = messageOf(server, other, n);
    if (id)
      server.answer(other, 'message:edit', { conversationId: lobbyId, id, body: `e${n}`, editId: clock.nextId() });
  },
  remoteDelete: ({ server }: World, n: number) => {
    const id = messageOf(server, other, n);
    if (id) server.answer(other, 'message:delete', { conversationId: lobbyId, id });
  },
  remoteReact: ({ server }: World, n: number) => {
    const id = messageOf(server, undefined, n);
    // The same person on another device counts too.
    const userId = n % 3 === 0 ? me : other;
    if (id)
      server.answer(userId, 'message:react', { conversationId: lobbyId, id, emoji: emojis[n % 3]!, on: n % 4 !== 0 });
  },
  floor: ({ server }: World, n: number) =>
    server.setFloor(Math.min(server.lobby.seq - 2, server.lobby.floorSeq + (n % 3))),
  send: ({ device, clock }: World, n: number) =>
    device.happen({ type: 'send', conversationId: lobbyId, id: clock.nextId(), body: `m${n}` }),
  edit: ({ server, device, clock }: World, n: number) => {
    const messageId = unsentOf(device, n) ?? messageOf(server, me, n);
    if (messageId)
      device.happen({ type: 'edit', conversationId: lobbyId, messageId, entryId: clock.nextId(), body: `x${n}` });
  },
  remove: ({ server, device, clock }: World, n: number) => {
    const messageId = unsentOf(device, n) ?? messageOf(server, me, n);
    if (messageId) device.happen({ type: 'remove', conversationId: lobbyId, messageId, entryId: clock.nextId() });
  },
  react: ({ server, device, clock }: World, n: number) => {
    const messageId = messageOf(server, undefined, n);
    if (!messageId) return;
    const event = { type: 'react', conversationId: lobbyId, messageId, entryId: clock.nextId() } as const;
    device.happen({ ...event, emoji: emojis[n % 3]!, on: n % 2 === 0 });
  },
  refuse: ({ server }: World, n: number) =>
    server.refusals.push(
      [{ code: 'overloaded' as const }, { code: 'slow_mode' as const, retryAfterMs: 3_000 }][n % 2]!,
    ),
  loadBefore: ({ device }: World) => device.happen({ type: 'loadBefore', conversationId: lobbyId }),
  serve: ({ device }: World) => device.serve(),
  serveLost: ({ device }: World) => {
    device.serve(true);
    device.cut();
  },
  deliver: ({ device }: World) => device.deliver(),
  overtake: ({ device }: World, n: number) => device.deliver(n % 4),
  double: ({ device }: World) => device.double(),
  lose: ({ device }: World) => device.lose(),
  /** Everything arrives: what comes after happens to a client that is live. */
  rest: ({ device }: World) => {
    if (device.isOnline) device.settle();
  },
  cut: ({ device }: World) => device.cut(),
  reload: ({ device }: World) => device.reload(),
  wait: ({ device, clock }: World, n: number) => {
    clock.now += (n % 10) * 700;
    device.happen({ type: 'ticked' });
  },
  offline: ({ device }: World, n: number) => {
    device.isOnline = n % 2 === 0;
    if (!device.isOnline) device.cut();
  },
};
type Name = keyof typeof happenings;

function messageOf(server: ModelServer, authorId: string | undefined, n: number): string | undefined {
  const messages = server.lobby.messages().filter((message) => authorId === undefined || message.authorId === authorId);
  return messages[n % Math.max(1, messages.length)]?.id;
}

/** A message of one's own that is still in the outbox. */
function unsentOf({ state }: ModelDevice, n: number): string | undefined {
  return state.outbox.filter(({ kind }) => kind === 'send')[n % 3]?.messageId;
}

/** Mostly traffic: a client that is always cut off proves little. */
const often: readonly Name[] = ['remoteSend', 'remoteReact', 'remoteEdit', 'serve', 'deliver', 'overtake'];
const rarely: readonly Name[] = ['reload', 'offline', 'cut', 'refuse', 'floor', 'serveLost'];
const aName = fc.constantFrom(
  ...(Object.keys(happenings) as Name[]).flatMap((name): Name[] =>
    Array.from({ length: often.includes(name) ? 6 : rarely.includes(name) ? 1 : 3 }, () => name),
  ),
);
const program = fc.array(fc.tuple(aName, fc.nat(50)), { minLength: 1, maxLength: 120, size: 'max' });

/** Ends all faults, and lets everything arrive. */
function heal({ device }: World): void {
  device.isOnline = true;
  device.cut();
  device.happen({ type: 'triedNow' });
  device.settle();
}

function expectConverged({ server, device }: World): void {
  const feed = device.state.feeds.get(lobbyId)!;
  expect(isCaughtUp(device.state)).toBe(true);
  const { rows, ahead, first, cursor, conversation } = feed;
  expect({ cursor, seq: conversation.seq, floorSeq: conversation.floorSeq, lastAt: conversation.lastAt }).toEqual({
    cursor: server.lobby.rev,
    seq: server.lobby.seq,
    floorSeq: server.lobby.floorSeq,
    lastAt: server.lobby.lastAt,
  });
  expect(ahead.size).toBe(0);
  const held = server.lobby.messages().filter(({ seq }) => seq >= first);
  expect(rows.map(({ message }) => message)).toEqual(held);
  for (const { message, mine } of rows) {
    const own = server.lobby.mineOf(me, [message.seq]).map(({ emoji }) => emoji);
    expect([...mine].sort()).toEqual(own.sort());
  }
  expect(feed.hasBefore).toBe(first > server.lobby.floorSeq + 1);
}

/** Few by default, so that the suite stays quick; SDK_RUNS asks for more. */
const runs = Number(process.env['SDK_RUNS'] ?? 60);

describe('a client under faults', () => {
  it('I4: shows what the server has, byte for byte, after any program of faults', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const world = aWorld();
        for (const [name, n] of steps) happenings[name](world, n);
        heal(world);
        expectConverged(world);
        expect(world.device.state.outbox).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('I2, I3: stores every message once and in the order in which it was written, however often it was sent', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const world = aWorld();
        const removed = new Set<string>();
        const sent: string[] = [];
        const { happen } = world.device;
        world.device.happen = (event) => {
          if (event.type === 'send') sent.push(event.id);
          if (event.type === 'remove') removed.add(event.messageId);
          happen.call(world.device, event);
        };
        for (const [name, n] of steps) happenings[name](world, n);
        heal(world);
        const kept = sent.filter((id) => !removed.has(id));
        const seqs = kept.map((id) => world.server.lobby.key(id)?.seq);
        expect(seqs).not.toContain(undefined);
        expect(seqs).toEqual([...seqs].sort((a, b) => a! - b!));
      }),
      { numRuns: runs },
    );
  });

  it('I5: an acknowledgement never moves the cursor, and the cursor never goes back', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const world = aWorld();
        const { happen } = world.device;
        world.device.happen = (event) => {
          const before = world.device.state;
          const cursor = before.feeds.get(lobbyId)?.cursor;
          const pending = event.type === 'answered' ? before.requests.get(event.requestId)?.kind : undefined;
          happen.call(world.device, event);
          const after = world.device.state.feeds.get(lobbyId)?.cursor;
          if (pending === 'entry') expect(after).toBe(cursor);
          if (cursor !== undefined && after !== undefined) expect(after).toBeGreaterThanOrEqual(cursor);
        };
        for (const [name, n] of steps) happenings[name](world, n);
      }),
      { numRuns: runs },
    );
  });

  it('what is stored is what was seen: a reload shows no row that the server never had', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const world = aWorld();
        for (const [name, n] of steps) happenings[name](world, n);
        heal(world);
        const { device } = world;
        const before = device.state.feeds.get(lobbyId)!;
        device.isOnline = false;
        device.reload();
        const after = device.state.feeds.get(lobbyId)!;
        expect(after.cursor).toBe(before.cursor);
        expect(after.rows).toEqual(before.rows.slice(-after.rows.length));
        device.isOnline = true;
        device.happen({ type: 'triedNow' });
        device.settle();
        expectConverged(world);
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });
});
