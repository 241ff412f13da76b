import { testDatabase } from '@cloudhop/api/database/testing';
import { type ConversationChange, type Message, limits } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { hashOf } from './previews/link-previews.service';
import { type LogNode, aConversation, aGuest, conversationFeed, startLogNode } from './testing/log-node';

const database = testDatabase();
let node: LogNode;

beforeAll(async () => {
  node = await startLogNode(database.url);
});
afterAll(() => node.stop());

type Somebody = Awaited<ReturnType<typeof aGuest>>;

async function twoInARoom(): Promise<{ ann: Somebody; ben: Somebody; conversationId: string }> {
  const [ann, ben] = [await aGuest(node.database), await aGuest(node.database)];
  return { ann, ben, conversationId: await aConversation(node.database, { members: [ann, ben] }) };
}

async function say(author: Somebody, conversationId: string, body: string, replyTo?: string): Promise<Message> {
  return (await node.log.append(author, { conversationId, id: uuidv7(), body, replyTo })).message as Message;
}

async function read(reader: Somebody, conversationId: string, seq: number): Promise<Message> {
  const { messages } = await node.conversations.history(reader, { conversationId, around: seq, limit: 1 });
  return messages[0]!;
}

const edit = (author: Somebody, { conversationId, id }: Message, body: string) =>
  node.log.edit(author, { conversationId, id, body, editId: uuidv7() });

describe('replies', () => {
  test('everybody gets what is answered beside the answer, and who said it', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, `${'很'.repeat(limits.quoteCharacters + 5)}長`);
    await node.subscriber(ben, conversationFeed(conversationId));
    const answer = await say(ben, conversationId, 'yes', question.id);
    const quote = {
      seq: 1,
      rev: question.rev,
      authorId: ann.userId,
      body: '很'.repeat(limits.quoteCharacters),
    };
    expect(answer).toMatchObject({ replyTo: question.id, quote });
    await node.caughtUp(conversationId);
    expect(node.emitted(conversationId)).toMatchObject([{ kind: 'message', message: { quote } }]);
    const told = node.emissions.find(({ payload }) => 'changes' in payload && 'users' in payload);
    expect(told!.payload).toMatchObject({
      users: expect.arrayContaining([expect.objectContaining({ id: ann.userId })]),
    });
    const page = await node.conversations.history(ben, { conversationId, after: 1, limit: 1 });
    expect(page.messages).toMatchObject([{ quote }]);
    expect(page.users.map(({ id }) => id).sort()).toEqual([ann.userId, ben.userId].sort());
  });

  test('a quote says what stands there now: edited, deleted, and gone by retention', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, 'at six?');
    const answer = await say(ben, conversationId, 'yes', question.id);
    const edited = await edit(ann, question, 'at seven?');
    expect((await read(ben, conversationId, answer.seq)).quote).toEqual({
      seq: 1,
      rev: edited.rev,
      authorId: ann.userId,
      body: 'at seven?',
    });
    const deleted = await node.log.delete(ann, { conversationId, id: question.id });
    expect((await read(ben, conversationId, answer.seq)).quote).toEqual({
      seq: 1,
      rev: deleted.rev,
      authorId: ann.userId,
      body: '',
      isDeleted: true,
    });
    await say(ben, conversationId, 'later');
    await node.database.query('update conversation_heads set floor_seq = 1 where conversation_id = $1', [
      conversationId,
    ]);
    expect(await read(ben, conversationId, answer.seq)).toMatchObject({ replyTo: question.id });
    expect(await read(ben, conversationId, answer.seq)).not.toHaveProperty('quote');
  });

  test('what was deleted meanwhile can be answered; what was never said here cannot, whoever may read it elsewhere', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, 'at six?');
    await node.log.delete(ann, { conversationId, id: question.id });
    expect(await say(ben, conversationId, 'what was it?', question.id)).toMatchObject({ quote: { isDeleted: true } });
    const elsewhere = await aConversation(node.database, { members: [ben] });
    const secret = await say(ben, elsewhere, 'secret');
    for (const replyTo of [secret.id, uuidv7()])
      await expect(say(ben, conversationId, 'see', replyTo)).rejects.toMatchObject({ code: 'reply_unknown' });
    // The id of an edit is no message id.
    const editId = uuidv7();
    const mine = await say(ben, conversationId, 'one');
    await node.log.edit(ben, { conversationId, id: mine.id, body: 'two', editId });
    await expect(say(ben, conversationId, 'see', editId)).rejects.toMatchObject({ code: 'reply_unknown' });
  });

  test('what stands earlier in the same batch can be answered', async () => {
    const { ann, conversationId } = await twoInARoom();
    const [first, second] = [uuidv7(), uuidv7()];
    const send = { kind: 'send', conversationId, userId: ann.userId } as const;
    const verdicts = await node.logRepository.commit(
      [
        { ...send, id: first, body: 'one' },
        { ...send, id: second, body: 'two', replyTo: first },
        { ...send, id: uuidv7(), body: 'three', replyTo: uuidv7() },
      ],
      true,
    );
    const codes = verdicts.toSorted((a, b) => a.index - b.index).map(({ outcome, code }) => code ?? outcome);
    expect(codes).toEqual(['stored', 'stored', 'reply_unknown']);
    expect(await read(ann, conversationId, 2)).toMatchObject({ replyTo: first, quote: { seq: 1, body: 'one' } });
  });

  test('what somebody has deleted for themselves is quoted to them nowhere, and to others as before', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, 'a secret question');
    await edit(ann, question, 'a secret question!');
    const answer = await say(ben, conversationId, 'an open answer', question.id);
    await node.log.pin(ben, { conversationId, id: answer.id, on: true }).catch(() => undefined);
    await node.database.query('update messages set pinned_at = now() where conversation_id = $1 and seq = 2', [
      conversationId,
    ]);
    await node.database.query('update memberships set cleared_seq = 1 where conversation_id = $1 and user_id = $2', [
      conversationId,
      ann.userId,
    ]);
    await node.indexer.catchUp();
    const seenBy = async (reader: Somebody) =>
      JSON.stringify([
        await node.conversations.history(reader, { conversationId, limit: 10 }),
        await node.conversations.snapshot(reader, conversationId),
        await node.details.pinned(reader, conversationId),
        await node.search.find(reader, { q: 'answer', limit: 10 }),
        await node.details.edits(reader, conversationId, question.id).catch(() => undefined),
      ]);
    expect(await seenBy(ann)).not.toContain('secret');
    expect(await seenBy(ann)).toContain('an open answer');
    expect(await seenBy(ben)).toContain('secret');
    await expect(node.details.edits(ann, conversationId, question.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('I2: a repeat of a reply gets the original, also when what it answers is not known any more', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, 'at six?');
    const send = { conversationId, id: uuidv7(), body: 'yes', replyTo: question.id };
    const first = await node.log.append(ben, send);
    expect(await node.log.append(ben, { ...send, replyTo: uuidv7() })).toEqual({
      message: first.message,
      isNew: false,
    });
  });

  test('a deleted reply says nothing of what it answered, and of being forwarded', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const question = await say(ann, conversationId, 'at six?');
    const { message } = await node.log.append(ben, {
      conversationId,
      id: uuidv7(),
      body: 'as she said',
      replyTo: question.id,
      isForwarded: true,
    });
    expect(message).toMatchObject({ isForwarded: true });
    const gone = await node.log.delete(ben, { conversationId, id: message.id });
    expect(Object.keys(gone).sort()).toEqual(
      [
        'attachments',
        'authorId',
        'body',
        'conversationId',
        'createdAt',
        'deletedAt',
        'id',
        'reactions',
        'rev',
        'seq',
      ].sort(),
    );
  });
});

describe('former texts', () => {
  test('its author and moderators read what a message said before, and when; others do not', async () => {
    const { ann, ben, conversationId } = await twoInARoom();
    const moderator = await aGuest(node.database);
    await node.database.query(
      `insert into memberships (conversation_id, user_id, state, role) values ($1, $2, 'joined', 'moderator')`,
      [conversationId, moderator.userId],
    );
    const message = await say(ann, conversationId, 'one');
    await edit(ann, message, 'two');
    const last = await edit(ann, message, 'three');
    for (const reader of [ann, moderator]) {
      const { items, users } = await node.details.edits(reader, conversationId, message.id);
      expect(items.map(({ body, userId }) => [body, userId])).toEqual(
        ['three', 'two', 'one'].map((body) => [body, ann.userId]),
      );
      expect([items[0]!.at, items[2]!.at]).toEqual([last.editedAt, message.createdAt]);
      expect(users.map(({ id }) => id)).toEqual([ann.userId]);
    }
    await expect(node.details.edits(ben, conversationId, message.id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(node.details.edits(ann, conversationId, uuidv7())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('they go with the message, and only the latest are kept', async () => {
    const { ann, conversationId } = await twoInARoom();
    const message = await say(ann, conversationId, 'text 0');
    for (let n = 1; n <= limits.messageEdits + 3; n++) await edit(ann, message, `text ${n}`);
    const { items } = await node.details.edits(ann, conversationId, message.id);
    expect(items.map(({ body }) => body)).toEqual(
      Array.from({ length: limits.messageEdits + 1 }, (_, n) => `text ${limits.messageEdits + 3 - n}`),
    );
    await node.log.delete(ann, { conversationId, id: message.id });
    expect(
      await node.database.query('select * from message_edits where conversation_id = $1', [conversationId]),
    ).toEqual([]);
    await expect(node.details.edits(ann, conversationId, message.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('who reacted is read page by page, of one emoji or of all, the latest first', async () => {
  const { ann, conversationId } = await twoInARoom();
  const message = await say(ann, conversationId, 'who comes?');
  const people: Somebody[] = [];
  for (let n = 0; n < limits.presencePage + 2; n++) {
    const person = await aGuest(node.database);
    await node.database.query(`insert into memberships (conversation_id, user_id, state) values ($1, $2, 'joined')`, [
      conversationId,
      person.userId,
    ]);
    await node.log.react(person, { conversationId, id: message.id, emoji: n === 1 ? '🎉' : '👍', on: true });
    people.push(person);
  }
  const ask = { conversationId, id: message.id };
  const first = await node.details.reactions(ann, ask);
  expect(first.items.map(({ userId }) => userId)).toEqual(
    people
      .slice(2)
      .reverse()
      .map(({ userId }) => userId),
  );
  const rest = await node.details.reactions(ann, { ...ask, cursor: first.nextCursor });
  expect(rest.items.map(({ userId, emoji }) => [userId, emoji])).toEqual([
    [people[1]!.userId, '🎉'],
    [people[0]!.userId, '👍'],
  ]);
  expect(rest.nextCursor).toBeUndefined();
  expect((await node.details.reactions(ann, { ...ask, emoji: '🎉' })).items).toHaveLength(1);
  const silent = await say(ann, conversationId, 'nobody?');
  expect((await node.details.reactions(ann, { ...ask, id: silent.id })).items).toEqual([]);
  await expect(node.details.reactions(ann, { ...ask, cursor: 'x' })).rejects.toMatchObject({ code: 'invalid' });
});

test('a day is found by its first message, from the floor to the head', async () => {
  const { ann, conversationId } = await twoInARoom();
  expect(await node.details.seek(ann, conversationId, '2026-01-01T00:00:00.000Z')).toEqual({});
  for (let n = 0; n < 20; n++) await say(ann, conversationId, `message ${n}`);
  const noon = Date.parse('2026-03-01T12:00:00Z');
  await node.database.query(
    `update messages set created_at = to_timestamp($2::bigint / 1000.0) + ((seq - 1) / 4) * interval '1 day' where conversation_id = $1`,
    [conversationId, noon],
  );
  const seek = async (at: string) => (await node.details.seek(ann, conversationId, at)).seq;
  expect(await seek('2020-01-01T00:00:00Z')).toBe(1);
  expect(await seek('2026-03-03T00:00:00Z')).toBe(9);
  expect(await seek('2026-03-03T12:00:00Z')).toBe(9);
  expect(await seek('2030-01-01T00:00:00Z')).toBe(20);
  await node.database.query('update conversation_heads set floor_seq = 10 where conversation_id = $1', [
    conversationId,
  ]);
  expect(await seek('2020-01-01T00:00:00Z')).toBe(11);
  // Deleted messages are skipped.
  for (const seq of [11, 20]) {
    const { id } = await read(ann, conversationId, seq);
    await node.log.delete(ann, { conversationId, id });
  }
  expect(await seek('2020-01-01T00:00:00Z')).toBe(12);
  expect(await seek('2030-01-01T00:00:00Z')).toBe(19);
  // Times that no clock of the database knows.
  expect(await seek('0000-01-01T00:00:00.000Z')).toBe(12);
  expect(await seek(`2030-01-01T00:00:00.${'1'.repeat(500)}Z`)).toBe(19);
});

describe('previews', () => {
  const preview = { url: 'https://example.org/a', title: 'Trails' };
  const link = 'https://example.org/a';

  test('a preview is a change like any other, and any edit takes it away', async () => {
    const { ann, conversationId } = await twoInARoom();
    await node.subscriber(ann, conversationFeed(conversationId));
    const message = await say(ann, conversationId, link);
    await node.log.addPreview(message, hashOf(link), preview);
    await node.log.addPreview(message, hashOf(link), preview);
    await node.caughtUp(conversationId);
    const changes = node.emitted(conversationId) as ConversationChange[];
    expect(changes).toMatchObject([{ rev: 1 }, { rev: 2, kind: 'message', message: { preview } }]);
    // The preview of one page must never appear under a link to another that only looks like it.
    const edited = await edit(ann, message, `https://evil.example/?from=${link}`);
    expect(edited).not.toHaveProperty('preview');
  });

  test('one that was made of another text comes too late', async () => {
    const { ann, conversationId } = await twoInARoom();
    const message = await say(ann, conversationId, link);
    const other = `${link}-none`;
    await edit(ann, message, other);
    await node.log.addPreview(message, hashOf(link), preview);
    expect(await read(ann, conversationId, message.seq)).not.toHaveProperty('preview');
    await node.log.addPreview(message, hashOf(other), preview);
    expect(await read(ann, conversationId, message.seq)).toMatchObject({ preview });
  });

  test('a deleted message gets none, loses the one it has, and its link with it', async () => {
    const { ann, conversationId } = await twoInARoom();
    const message = await say(ann, conversationId, link);
    await node.log.addPreview(message, hashOf(link), preview);
    await node.database.query(
      `insert into preview_jobs (conversation_id, seq, message_id, author_id, url, said) values ($1, $2, $3, $4, $5, 'x')`,
      [conversationId, message.seq, message.id, ann.userId, link],
    );
    const gone = await node.log.delete(ann, { conversationId, id: message.id });
    expect(gone).not.toHaveProperty('preview');
    await node.log.addPreview(message, hashOf(link), preview);
    expect(await read(ann, conversationId, message.seq)).toEqual(gone);
    const [row] = await node.database.query(
      'select to_json(m)::text as all from messages m where conversation_id = $1',
      [conversationId],
    );
    expect(row!['all']).not.toContain('example.org');
    expect(
      await node.database.query('select * from preview_jobs where conversation_id = $1', [conversationId]),
    ).toEqual([]);
  });

  test('a match has none', async () => {
    const { ann, conversationId } = await twoInARoom();
    await node.database.query(`update conversations set kind = 'match' where id = $1`, [conversationId]);
    const message = await say(ann, conversationId, link);
    await node.log.addPreview(message, hashOf(link), preview);
    expect(await read(ann, conversationId, message.seq)).not.toHaveProperty('preview');
  });
});
