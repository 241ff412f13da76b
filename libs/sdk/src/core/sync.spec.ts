import { emptyUser } from '../storage/stored-user';
import { ModelDevice } from '../testing/model-device';
import { aLiveWorld, aWorld, connect, hear, lobbyId, me, other, say, type World } from '../testing/worlds';
import { isCaughtUp } from './connection';

const shown = ({ device }: Pick<World, 'device'>) =>
  device.state.feeds.get(lobbyId)?.rows.map(({ message }) => message.body);
const cursor = ({ device }: Pick<World, 'device'>) => device.state.feeds.get(lobbyId)?.cursor;

describe('catching up', () => {
  it('is not caught up before the first sync and the lobby are here', () => {
    const world = aWorld();
    expect(isCaughtUp(world.device.state)).toBe(false);
    world.device.serve();
    world.device.deliver();
    expect(isCaughtUp(world.device.state)).toBe(false);
    world.device.settle();
    expect(isCaughtUp(world.device.state)).toBe(true);
  });

  it('I5: syncs when a frame begins above its cursor, and shows nothing of it before', () => {
    const world = aLiveWorld();
    hear(world, 'one');
    hear(world, 'two');
    world.device.lose();
    world.device.deliver();
    expect(shown(world)).toEqual([]);
    expect(isCaughtUp(world.device.state)).toBe(false);
    world.device.settle();
    expect(shown(world)).toEqual(['one', 'two']);
  });

  it('I5: syncs when an empty frame shows that it was passed over', () => {
    const world = aLiveWorld();
    const { onFact } = world.server;
    world.server.onFact = () => undefined;
    hear(world, 'not told');
    world.server.onFact = onFact;
    const { rev } = world.server.lobby;
    const frame = { conversationId: lobbyId, fromRev: rev, toRev: rev, changes: [], users: [] };
    world.device.hear({ name: 'conversation:changed', payload: { ...frame, epoch: world.server.epoch } });
    world.device.settle();
    expect(shown(world)).toEqual(['not told']);
  });

  it('keeps frames that arrive while a sync is on its way', () => {
    const world = aLiveWorld();
    world.device.cut();
    hear(world, 'missed');
    while (world.device.up.length === 0) {
      world.clock.now += 1_000;
      world.device.dispatch({ type: 'ticked' });
    }
    world.device.serve();
    hear(world, 'during');
    // The frame overtakes the answer.
    world.device.deliver(1);
    expect(shown(world)).toEqual([]);
    world.device.deliver();
    expect(shown(world)).toEqual(['missed', 'during']);
    expect(cursor(world)).toBe(2);
  });

  it('I4: takes a snapshot where that is cheaper, and pages the rest in again', () => {
    const world = aLiveWorld();
    hear(world, 'old');
    world.device.settle();
    world.device.cut();
    for (let i = 0; i < 20; i++) hear(world, `m${i}`);
    world.device.settle();
    expect(shown(world)).toEqual(['m15', 'm16', 'm17', 'm18', 'm19']);
    world.device.dispatch({ type: 'loadBefore', conversationId: lobbyId });
    world.device.settle();
    expect(shown(world)).toHaveLength(21);
    expect(world.device.state.feeds.get(lobbyId)!.hasBefore).toBe(false);
  });

  it('I4: loses nothing when the page is loaded again in the middle of a sync', () => {
    const world = aLiveWorld();
    for (let i = 1; i <= 4; i++) hear(world, `m${i}`);
    // The oldest row comes last in the sync, so the first page is all above a hole.
    const { id } = world.server.lobby.at(1)!;
    world.server.answer(other, 'message:edit', {
      conversationId: lobbyId,
      id,
      body: 'm1, edited',
      editId: world.clock.nextId(),
    });
    world.device.reload();
    world.device.serve();
    world.device.deliver();
    expect(cursor(world)).toBe(4);
    world.device.reload();
    world.device.settle();
    world.device.dispatch({ type: 'loadBefore', conversationId: lobbyId });
    world.device.settle();
    expect(shown(world)).toEqual(['m1, edited', 'm2', 'm3', 'm4']);
  });

  it('I4: another epoch wins over every cursor, and what only the old one had acknowledged is sent again', () => {
    const world = aLiveWorld();
    const empty = world.server.database.backup();
    hear(world, 'before the restore');
    world.device.settle();
    say(world, 'acknowledged, then lost');
    world.device.serve();
    world.device.deliver(1);
    expect(world.device.state.outbox.entries).toMatchObject([{ state: 'sent' }]);
    world.device.cut();
    world.server.restore(empty, 'epoch-2');
    world.device.settle();
    expect(shown(world)).toEqual(['acknowledged, then lost']);
    expect(world.device.state.epoch).toBe('epoch-2');
    expect(cursor(world)).toBe(1);
  });

  it('leaves the old timeline also when a live frame is the first to tell', () => {
    const world = aLiveWorld();
    const empty = world.server.database.backup();
    hear(world, 'before the restore');
    world.device.settle();
    world.server.restore(empty, 'epoch-2');
    hear(world, 'after');
    world.device.settle();
    expect(shown(world)).toEqual(['after']);
    expect(world.device.state.epoch).toBe('epoch-2');
  });

  it.each(['not_found', 'invalid'] as const)('asks once for an id that the server calls %s', (code) => {
    const { device } = aLiveWorld();
    device.dispatch({ type: 'open', conversationId: 'nonsense' });
    const { socket, requestId } = device.up.shift()!;
    const error = { code, message: code };
    device.dispatch({ type: 'answered', socket, requestId, outcome: { ok: false, error } });
    expect(device.state.conversations.gone.get('nonsense')).toBe('erased');
    device.settle();
    expect(device.up).toEqual([]);
    expect(device.state.conversations.toOpen.size).toBe(0);
  });

  it('I6: a ban wipes the conversation and its outbox; coming back opens it anew', () => {
    const world = aLiveWorld();
    hear(world, 'hi');
    world.device.settle();
    world.server.ban(me);
    world.device.settle();
    expect(shown(world)).toBeUndefined();
    expect(world.device.storage.rows.get(lobbyId)).toBeUndefined();
    expect(world.device.state.conversations.gone.get(lobbyId)).toBe('banned');
    world.server.unban(me);
    world.device.settle();
    expect(shown(world)).toEqual(['hi']);
  });

  it('learns of a ban that came while it was away', () => {
    const world = aLiveWorld();
    hear(world, 'hi');
    world.device.settle();
    world.device.cut();
    world.server.ban(me);
    world.device.settle();
    expect(shown(world)).toBeUndefined();
    expect(isCaughtUp(world.device.state)).toBe(true);
  });

  it('moves its cursor over a change of an unknown kind, and reads everything anew in the next life of the page', () => {
    const world = aLiveWorld();
    hear(world, 'hi');
    world.device.settle();
    const payload = {
      epoch: 'epoch-1',
      conversationId: lobbyId,
      fromRev: 1,
      toRev: 2,
      changes: [{ kind: 'poll', rev: 2 }],
      users: [],
    };
    world.server.lobby.rev = 2;
    world.server.onFact({ name: 'conversation:changed', payload: payload as never }, undefined);
    world.device.settle();
    expect(cursor(world)).toBe(2);
    world.device.isOnline = false;
    world.device.reload();
    expect(cursor(world)).toBeUndefined();
    expect(shown(world)).toEqual(['hi']);
    world.device.isOnline = true;
    world.device.settle();
    expect(cursor(world)).toBe(2);
  });

  it('I4: asks whose reactions they are when a frame tells only their number', () => {
    const world = aLiveWorld();
    const id = hear(world, 'hi');
    world.device.settle();
    world.server.answer(me, 'message:react', { conversationId: lobbyId, id, emoji: '🎉', on: true });
    world.device.down = [];
    // A server that repaired its own gap tells the row as it stands.
    const message = world.server.lobby.at(1)!;
    const payload = {
      epoch: 'epoch-1',
      conversationId: lobbyId,
      fromRev: 1,
      toRev: 2,
      changes: [{ kind: 'message' as const, rev: 2, message }],
      users: [],
    };
    world.server.onFact({ name: 'conversation:changed', payload }, undefined);
    world.device.settle();
    expect(world.device.state.feeds.get(lobbyId)!.rows[0]).toEqual({ message, mine: ['🎉'] });
  });

  it('asks again for a page that was read below the cursor', () => {
    const world = aLiveWorld();
    for (let i = 0; i < 9; i++) hear(world, `m${i}`);
    world.device.cut();
    world.device.reload();
    Object.assign(world.device.storage, emptyUser());
    world.device.reload();
    world.device.settle();
    world.device.dispatch({ type: 'loadBefore', conversationId: lobbyId });
    const { page } = world.device.state.feeds.get(lobbyId)!;
    const stale = { messages: [], users: [], mine: [], rev: 0, hasBefore: false, hasAfter: true };
    const { socket } = world.device.state.connection;
    world.device.dispatch({ type: 'answered', socket, requestId: page!.requestId, outcome: { ok: true, data: stale } });
    world.device.up.shift();
    world.device.settle();
    expect(shown(world)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
  });
});

describe('two tabs with one storage', () => {
  function twoTabs() {
    const world = aLiveWorld();
    const second = new ModelDevice(me, world.server, world.clock, world.device.storage, 'second');
    connect(world.server, second);
    second.settle();
    return { ...world, second };
  }

  it('each follows by its own cursor, and storage ends where the one ahead is', () => {
    const world = twoTabs();
    for (let i = 0; i < 4; i++) hear(world, `m${i}`);
    world.second.settle();
    world.device.deliver();
    expect(world.device.storage.conversations.get(lobbyId)!.cursor).toBe(4);
    world.device.settle();
    expect(shown(world)).toEqual(shown({ device: world.second }));
  });

  it('I2: an entry of a tab that died is adopted after a while, and sent once', () => {
    const world = twoTabs();
    world.device.isOnline = false;
    world.device.cut();
    say(world, 'left behind');
    world.second.dispatch({ type: 'outboxLoaded', userId: me, entries: [...world.device.storage.outbox.values()] });
    world.second.serve();
    expect(world.server.lobby.seq).toBe(0);
    world.second.settle();
    expect(world.server.lobby.messages().map(({ body }) => body)).toEqual(['left behind']);
    expect(world.device.storage.outbox.size).toBe(0);
    world.device.isOnline = true;
    world.device.settle();
    expect(world.server.lobby.seq).toBe(1);
    expect(world.device.state.outbox.entries).toEqual([]);
  });

  it('an entry that another tab had in flight when it died is not taken for one of ours in flight', () => {
    const world = twoTabs();
    say(world, 'in flight');
    const entry = { ...world.device.state.outbox.entries[0]!, state: 'sending' as const };
    world.device.cut(false);
    world.second.dispatch({ type: 'outboxLoaded', userId: me, entries: [entry] });
    world.second.settle();
    expect(world.server.lobby.messages().map(({ body }) => body)).toEqual(['in flight']);
  });

  it('storage that fell behind is filled by the next write of a tab that is ahead', () => {
    const world = twoTabs();
    hear(world, 'one');
    world.device.settle();
    world.device.storage.conversations.clear();
    world.device.storage.rows.clear();
    hear(world, 'two');
    world.device.settle();
    expect([...world.device.storage.rows.get(lobbyId)!.values()].map(({ message }) => message.body)).toEqual([
      'one',
      'two',
    ]);
  });

  it('both show the same rows after one of them wrote', () => {
    const world = twoTabs();
    say(world, 'mine');
    world.device.settle();
    world.second.settle();
    world.server.answer(other, 'message:react', {
      conversationId: lobbyId,
      id: world.server.lobby.messages()[0]!.id,
      emoji: '🎉',
      on: true,
    });
    world.second.settle();
    world.device.settle();
    expect(world.device.state.feeds.get(lobbyId)!.rows).toEqual(world.second.state.feeds.get(lobbyId)!.rows);
  });

  it('I6: takes a group away from who left it and was asked in again before this device heard of either', () => {
    const { device } = aLiveWorld();
    const id = '01900000-0000-7000-8000-00000000abcd';
    const lobby = device.state.feeds.get(lobbyId)!;
    const group = { ...lobby, conversation: { ...lobby.conversation, id, kind: 'group' as const } };
    device.state = { ...device.state, feeds: new Map([...device.state.feeds, [id, group]]) };
    const {
      epoch = '',
      personalFeed: { rev: personalRev = 0 },
    } = device.state;
    const membership = { conversationId: id, role: 'member', state: 'invited', invitedBy: other } as const;
    device.hear({
      name: 'personal:changed',
      payload: {
        epoch,
        fromRev: personalRev,
        toRev: personalRev + 2,
        users: [],
        changes: [{ kind: 'membership', rev: personalRev + 2, membership }],
      },
    });
    device.deliver();
    expect(device.state.feeds.has(id)).toBe(false);
    expect(device.state.personal.invitations.has(id)).toBe(true);
  });

  it('I4: drops at once what its user has deleted for themselves on another device', () => {
    const world = aLiveWorld();
    for (const body of ['one', 'two', 'three']) hear(world, body);
    world.device.settle();
    const {
      epoch = '',
      personalFeed: { rev: personalRev = 0 },
    } = world.device.state;
    const membership = { conversationId: lobbyId, role: 'member', state: 'joined', readSeq: 2, clearedSeq: 2 } as const;
    world.device.hear({
      name: 'personal:changed',
      payload: {
        epoch,
        fromRev: personalRev,
        toRev: personalRev + 1,
        users: [],
        changes: [{ kind: 'membership', rev: personalRev + 1, membership }],
      },
    });
    world.device.deliver();
    expect(shown(world)).toEqual(['three']);
  });
});
