import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { lockWaits } from './testing/lock-waits';
import { type LogNode, aConversation, aGuest, conversationFeed, startLogNode } from './testing/log-node';

const database = testDatabase();
let node: LogNode;
let other: LogNode;

beforeAll(async () => {
  node = await startLogNode(database.url);
  other = await startLogNode(database.url);
});
afterAll(() => Promise.all([node.stop(), other.stop()]));

async function rows(
  conversationId: string,
): Promise<{ seq: number; rev: number; id: string; body: string; author_id: string }[]> {
  return node.database.query(
    'select seq, rev, id, body, author_id from messages where conversation_id = $1 order by seq',
    [conversationId],
  );
}

function asMessage(result: { message: unknown }): Message {
  return result.message as Message;
}

describe('append', () => {
  test('I3: concurrent senders of two nodes get dense seqs, and each author keeps the order of sending', async () => {
    const authors = await Promise.all(Array.from({ length: 8 }, () => aGuest(node.database)));
    const conversationId = await aConversation(node.database, { members: authors });
    await Promise.all(
      authors.map(async (author, a) => {
        for (let n = 0; n < 25; n++) {
          await [node, other][a % 2]!.log.append(author, { conversationId, id: uuidv7(), body: `${a}:${n}` });
        }
      }),
    );
    const stored = await rows(conversationId);
    expect(stored.map((row) => row.seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    for (const [a, author] of authors.entries()) {
      const own = stored.filter((row) => row.author_id === author.userId).map((row) => row.body);
      expect(own).toEqual(Array.from({ length: 25 }, (_, n) => `${a}:${n}`));
    }
  });

  test('I2: the same id fifty times at once over two nodes is stored once, and everyone gets it', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const id = uuidv7();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        [node, other][n % 2]!.log.append(author, { conversationId, id, body: `try ${n}` }),
      ),
    );
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(results.map((result) => asMessage(result).body)).size).toBe(1);
    expect(await rows(conversationId)).toHaveLength(1);
  });

  test('I2: the same id twice in one batch is stored once', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const send = { kind: 'send', conversationId, userId: author.userId, id: uuidv7(), body: 'one' } as const;
    const verdicts = await node.logRepository.commit([send, { ...send, body: 'two' }], true);
    expect(verdicts.map(({ outcome }) => outcome).sort()).toEqual(['again', 'stored']);
    expect(await rows(conversationId)).toHaveLength(1);
  });

  test('a message counts once for the messages of a minute, on the node that stored it', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const counts = () => [node, other].map(({ log }) => log.messagesPerMinute);
    const [here, there] = counts() as [number, number];
    const send = { conversationId, id: uuidv7(), body: 'counted' };
    await node.log.append(author, send);
    await node.log.append(author, send);
    await other.log.append(author, send);
    await node.log.react(author, { conversationId, id: send.id, emoji: '🎉', on: true });
    expect(counts()).toEqual([here + 1, there]);
  });

  test("I2: another sender's use of an id is id_taken, and the original stays", async () => {
    const [author, thief] = [await aGuest(node.database), await aGuest(node.database)];
    const conversationId = await aConversation(node.database, { members: [author, thief] });
    const id = uuidv7();
    await node.log.append(author, { conversationId, id, body: 'mine' });
    await expect(node.log.append(thief, { conversationId, id, body: 'stolen' })).rejects.toMatchObject({
      code: 'id_taken',
    });
    expect((await rows(conversationId)).map((row) => row.body)).toEqual(['mine']);
  });

  test('I2: a late retry after the text expired gets its seq and not a second copy', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const id = uuidv7();
    await node.log.append(author, { conversationId, id, body: 'soon gone' });
    await node.retention.raiseFloor(conversationId, -60_000);
    await expect(node.log.append(author, { conversationId, id, body: 'soon gone' })).resolves.toEqual({
      message: { id, seq: 1, expired: true },
      isNew: false,
    });
    await node.retention.erase(conversationId);
    expect(await rows(conversationId)).toHaveLength(0);
    expect(asMessage(await node.log.append(author, { conversationId, id, body: 'soon gone' }))).toMatchObject({
      seq: 1,
      expired: true,
    });
  });

  test('one bad row in a batch never fails its neighbours', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const sends = ['a', 'b', 'c\u0000', 'd', 'e'].map((body) =>
      node.log.append(author, { conversationId, id: uuidv7(), body }),
    );
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'invalid_text' } });
    expect((await rows(conversationId)).map((row) => row.body)).toEqual(['a', 'b', 'd', 'e']);
  });

  test('I6: a ban that commits while a batch waits for the row refuses the message', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const sending = await node.database.transaction(async (client) => {
      await client.query('select 1 from conversation_heads where conversation_id = $1 for no key update', [
        conversationId,
      ]);
      const outcome = node.log.append(author, { conversationId, id: uuidv7(), body: 'too late' }).then(
        () => 'stored',
        (error: { code: string }) => error.code,
      );
      // The batch waits in a lane of its own for the row that is locked here.
      await lockWaits(database);
      await client.query(`update memberships set state = 'banned' where conversation_id = $1 and user_id = $2`, [
        conversationId,
        author.userId,
      ]);
      // Wrapped, or returning it would wait for it inside the transaction.
      return { outcome };
    });
    expect(await sending.outcome).toBe('banned');
    expect(await rows(conversationId)).toHaveLength(0);
  });

  test('a conversation that is locked elsewhere does not slow the others', async () => {
    const author = await aGuest(node.database);
    const busy = await aConversation(node.database, { members: [author] });
    const free = await aConversation(node.database, { members: [author] });
    await node.database.transaction(async (client) => {
      await client.query('select 1 from conversation_heads where conversation_id = $1 for no key update', [busy]);
      const waiting = node.log.append(author, { conversationId: busy, id: uuidv7(), body: 'waits' });
      for (let n = 0; n < 5; n++) await node.log.append(author, { conversationId: free, id: uuidv7(), body: `${n}` });
      expect(await rows(free)).toHaveLength(5);
      expect(await rows(busy)).toHaveLength(0);
      void waiting;
    });
    await node.log.append(author, { conversationId: busy, id: uuidv7(), body: 'after' });
    expect((await rows(busy)).map((row) => row.body)).toEqual(['waits', 'after']);
  });

  test('strangers, the banned and the muted are refused; the lobby takes anyone else', async () => {
    const [member, stranger] = [await aGuest(node.database), await aGuest(node.database)];
    const room = await aConversation(node.database, { members: [member] });
    const lobby = await aConversation(node.database, { kind: 'lobby' });
    const send = (conversationId: string, who = stranger) =>
      node.log.append(who, { conversationId, id: uuidv7(), body: 'hello' });
    await expect(send(room)).rejects.toMatchObject({ code: 'not_found' });
    await expect(send(uuidv7())).rejects.toMatchObject({ code: 'not_found' });
    await expect(send(lobby)).resolves.toMatchObject({ isNew: true });
    await node.setMember(lobby, stranger.userId, { mutedUntil: new Date(Date.now() + 60_000) });
    await expect(send(lobby)).rejects.toMatchObject({ code: 'muted', retryAfterMs: expect.any(Number) });
    await node.setMember(lobby, stranger.userId, { mutedUntil: null });
    await expect(send(lobby)).resolves.toMatchObject({ isNew: true });
    await node.setMember(lobby, stranger.userId, { state: 'banned' });
    await expect(send(lobby)).rejects.toMatchObject({ code: 'banned' });
  });

  test('slow mode holds within a batch and between batches, and moderators are free of it', async () => {
    const [author, moderator] = [await aGuest(node.database), await aGuest(node.database)];
    const conversationId = await aConversation(node.database, { members: [author, moderator], slowModeMs: 60_000 });
    await node.setMember(conversationId, moderator.userId, { role: 'moderator' });
    const send = (who: typeof author) =>
      ({ kind: 'send', conversationId, userId: who.userId, id: uuidv7(), body: 'x' }) as const;
    const verdicts = await node.logRepository.commit(
      [send(author), send(author), send(moderator), send(moderator)],
      true,
    );
    const codes = verdicts.sort((a, b) => a.index - b.index).map(({ outcome, code }) => code ?? outcome);
    expect(codes).toEqual(['stored', 'slow_mode', 'stored', 'stored']);
    const refusal = node.log.append(author, { conversationId, id: uuidv7(), body: 'x' });
    await expect(refusal).rejects.toMatchObject({ code: 'slow_mode', retryAfterMs: expect.any(Number) });
  });
});

describe('edit, delete, react', () => {
  async function aMessage() {
    const [author, reader] = [await aGuest(node.database), await aGuest(node.database)];
    const conversationId = await aConversation(node.database, { members: [author, reader] });
    const id = uuidv7();
    await node.log.append(author, { conversationId, id, body: 'first' });
    return { author, reader, conversationId, id };
  }

  test('I2: an old edit that is sent again does not undo a newer one', async () => {
    const { author, conversationId, id } = await aMessage();
    const [first, second] = [uuidv7(), uuidv7()];
    await node.log.edit(author, { conversationId, id, body: 'second', editId: first });
    await node.log.edit(author, { conversationId, id, body: 'third', editId: second });
    const retry = await node.log.edit(author, { conversationId, id, body: 'second', editId: first });
    expect(retry).toMatchObject({ body: 'third', rev: 3 });
  });

  test('only the author edits; author and moderators delete; a tombstone stays', async () => {
    const { author, reader, conversationId, id } = await aMessage();
    await expect(node.log.edit(reader, { conversationId, id, body: 'no', editId: uuidv7() })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(node.log.delete(reader, { conversationId, id })).rejects.toMatchObject({ code: 'forbidden' });
    await node.log.react(reader, { conversationId, id, emoji: '🎉', on: true });
    await node.setMember(conversationId, reader.userId, { role: 'moderator' });
    const tombstone = await node.log.delete(reader, { conversationId, id });
    expect(tombstone).toMatchObject({ body: '', reactions: [], deletedAt: expect.any(String) });
    await expect(node.log.edit(author, { conversationId, id, body: 'x', editId: uuidv7() })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(node.log.delete(author, { conversationId, id })).resolves.toEqual(tombstone);
    await expect(node.log.react(author, { conversationId, id, emoji: '🎉', on: true })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a reaction says on or off, so that a repeat changes nothing', async () => {
    const { author, reader, conversationId, id } = await aMessage();
    await node.log.react(author, { conversationId, id, emoji: '👋', on: true });
    const twice = await node.log.react(author, { conversationId, id, emoji: '👋', on: true });
    await node.log.react(reader, { conversationId, id, emoji: '🎉', on: true });
    const both = await node.log.react(reader, { conversationId, id, emoji: '👋', on: true });
    expect(twice).toMatchObject({ rev: 2, reactions: [{ emoji: '👋', count: 1 }] });
    expect(both).toMatchObject({
      rev: 4,
      reactions: [
        { emoji: '🎉', count: 1 },
        { emoji: '👋', count: 2 },
      ],
    });
    await node.log.react(author, { conversationId, id, emoji: '👋', on: false });
    const off = await node.log.react(reader, { conversationId, id, emoji: '👋', on: false });
    expect(off).toMatchObject({ rev: 6, reactions: [{ emoji: '🎉', count: 1 }] });
  });

  test('who is not a member learns nothing by reacting', async () => {
    const { conversationId, id } = await aMessage();
    const stranger = await aGuest(node.database);
    await expect(node.log.react(stranger, { conversationId, id, emoji: '👋', on: false })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('what a node emits is what was committed, in order and without holes', async () => {
    const { author, reader, conversationId, id } = await aMessage();
    await node.subscriber(reader, conversationFeed(conversationId));
    await node.log.edit(author, { conversationId, id, body: 'second', editId: uuidv7() });
    await node.log.react(reader, { conversationId, id, emoji: '🎉', on: true });
    await node.log.append(author, { conversationId, id: uuidv7(), body: 'next' });
    // A deletion before the reaction was emitted replaces the reaction.
    await node.caughtUp(conversationId);
    await node.log.delete(author, { conversationId, id });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId).map(({ kind, rev }) => `${rev} ${kind}`)).toEqual([
      '2 message',
      '3 reaction',
      '4 message',
      '5 deleted',
    ]);
  });
});
