import { testDatabase } from '@cloudhop/api/database/testing';
import type { Actor } from '@cloudhop/api/platform';
import { isMentioned } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { lockWaits } from './testing/lock-waits';
import { type LogNode, aConversation, aGuest, startLogNode } from './testing/log-node';
import { everything } from './testing/room';

const database = testDatabase();
let node: LogNode;

beforeAll(async () => {
  node = await startLogNode(database.url);
  await backfillToItsEnd();
});
afterAll(() => node.stop());

/** Runs the backfill until it is done. It waits for every transaction of the server, also in databases of other specs. */
async function backfillToItsEnd(): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    await node.mentionBackfill.run();
    if ((await node.database.query('select from mention_backfill')).length === 0) return;
    if (Date.now() > deadline) throw new Error('the backfill did not end');
    await new Promise((resume) => setTimeout(resume, 10));
  }
}

const tagOf = async ({ userId }: Actor): Promise<string> =>
  (await node.database.query<{ tag: string }>('select tag from users where id = $1', [userId]))[0]!.tag;

/** A room with an author and a reader, who is named by their tag. */
async function aPlace() {
  const [author, reader] = [await aGuest(node.database), await aGuest(node.database)];
  const conversationId = await aConversation(node.database, { members: [author, reader] });
  const send = async (body: string, actor = author) => {
    const id = uuidv7();
    await node.log.append(actor, { conversationId, id, body });
    return id;
  };
  const edit = (id: string, body: string) => node.log.edit(author, { conversationId, id, body, editId: uuidv7() });
  return { author, reader, conversationId, tag: await tagOf(reader), send, edit };
}

/** Returns the seqs that a first sync counts as mentions. */
async function mentionsOf({ userId }: Actor, conversationId: string): Promise<readonly number[]> {
  const { snapshot } = (await node.personal.snapshot(userId))!;
  return snapshot.conversations.find(({ id }) => id === conversationId)!.mentions ?? [];
}

/** Returns the result of a function of naming, and the number of rows of messages and former texts that it read. */
async function naming(name: string, { userId }: Actor, conversationId: string) {
  return node.database.transaction(async (client) => {
    const read = async () => {
      const { rows } = await client.query<{ count: number }>(
        `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
         where relname in ('messages', 'message_edits')`,
      );
      return rows[0]!.count;
    };
    const before = await read();
    const { rows } = await client.query<{ naming: unknown }>(`select ${name}($1, $2, 0, $3, $4) as naming`, [
      conversationId,
      userId,
      100_000,
      100_000,
    ]);
    return { naming: rows[0]!.naming, rowsRead: (await read()) - before };
  });
}

const mentionRows = (conversationId: string) =>
  node.database.query('select * from message_mentions where conversation_id = $1 order by seq', [conversationId]);

/** Restores the state before the backfill: no mention key of the conversation is known. */
async function forget(conversationId: string): Promise<void> {
  await node.database.query('delete from message_mentions where conversation_id = $1', [conversationId]);
  await node.database.query('delete from mention_backfill');
  await node.database.query('insert into mention_backfill default values');
}

/** Sends a message as a node of the release before does. */
async function sendWithoutKeys({ userId }: Actor, conversationId: string, body: string): Promise<string> {
  const id = uuidv7();
  await node.logRepository.commit([{ kind: 'send', conversationId, userId, id, body }], true);
  return id;
}

describe('counting mentions', () => {
  test('I12: reads the text of no message', async () => {
    const { reader, conversationId, tag, send } = await aPlace();
    for (let n = 0; n < 20; n++) await send(n % 5 === 0 ? `@${tag} ${n}` : `@somebody ${'x'.repeat(3_000)}`);
    expect(await naming('naming_v2', reader, conversationId)).toEqual({
      naming: { seqs: [1, 6, 11, 16], unknown: [] },
      rowsRead: 0,
    });
    // The function of the release before, which shows that reading is counted.
    expect((await naming('naming_v1', reader, conversationId)).rowsRead).toBe(20);
  });

  test('leaves out what the reader wrote, has read, or what is further up than devices look', async () => {
    const { reader, conversationId, tag, send } = await aPlace();
    await send(`@${tag} read`);
    await send(`@${tag} own`, reader);
    await send(`@${tag} unread`);
    await node.database.query('update memberships set read_seq = 1 where conversation_id = $1 and user_id = $2', [
      conversationId,
      reader.userId,
    ]);
    expect(await mentionsOf(reader, conversationId)).toEqual([3]);
    const [row] = await node.database.query('select naming_v2($1, $2, 0, 4, 1) as naming', [
      conversationId,
      reader.userId,
    ]);
    expect(row).toEqual({ naming: { seqs: [], unknown: [] } });
  });

  test('I13: nothing of a message that was deleted or erased is left in the keys', async () => {
    const { author, conversationId, tag, send } = await aPlace();
    await send(`@${tag} one`);
    const second = await send(`@${tag} two`);
    await send(`@${tag} three`);
    const seqs = () =>
      node.database.query('select seq from message_mentions where conversation_id = $1 order by seq', [conversationId]);
    await node.log.delete(author, { conversationId, id: second });
    expect(await seqs()).toEqual([{ seq: 1 }, { seq: 3 }]);
    await node.retention.raiseFloor(conversationId, -60_000);
    await node.retention.erase(conversationId);
    expect(await seqs()).toEqual([]);
  });

  test('counts what nodes of the release before wrote, before and after its keys are computed', async () => {
    const { author, reader, conversationId, tag, edit } = await aPlace();
    await sendWithoutKeys(author, conversationId, `@${tag} by an older node`);
    await sendWithoutKeys(author, conversationId, 'nobody');
    const edited = await sendWithoutKeys(author, conversationId, 'nobody at first: @');
    await edit(edited, `@${tag} by an edit`);
    expect(await naming('naming_v2', reader, conversationId)).toMatchObject({
      naming: { seqs: [], unknown: [{ seq: 1 }, { seq: 3 }] },
    });
    expect(await mentionsOf(reader, conversationId)).toEqual([1]);
    await node.mentionBackfill.run();
    expect(await naming('naming_v2', reader, conversationId)).toEqual({
      naming: { seqs: [1], unknown: [] },
      rowsRead: 0,
    });
  });
});

describe('the backfill', () => {
  test('computes old messages, and counts are right before it did', async () => {
    const { reader, conversationId, tag, send, edit } = await aPlace();
    await send(`@${tag} old`);
    await send('nobody');
    const edited = await send(`@${tag} was here`);
    await edit(edited, 'nobody');
    await edit(edited, `@${tag} again`);
    await send(`@somebody`);
    await forget(conversationId);
    expect(await mentionsOf(reader, conversationId)).toEqual([1]);
    await send(`@${tag} new`);
    expect(await mentionsOf(reader, conversationId)).toEqual([1, 5]);
    await backfillToItsEnd();
    expect(await naming('naming_v2', reader, conversationId)).toEqual({
      naming: { seqs: [1, 5], unknown: [] },
      rowsRead: 0,
    });
  });

  test('begins once no transaction is left that may write without keys', async () => {
    const { reader, conversationId, tag, send } = await aPlace();
    await send(`@${tag} old`);
    await forget(conversationId);
    const older = new Client({ connectionString: database.url });
    await older.connect();
    try {
      await older.query('begin; select pg_current_xact_id()');
      await node.mentionBackfill.run();
      await node.mentionBackfill.run();
      expect(await naming('naming_v2', reader, conversationId)).toMatchObject({ naming: { unknown: [{ seq: 1 }] } });
    } finally {
      await older.end();
    }
    await backfillToItsEnd();
    expect(await naming('naming_v2', reader, conversationId)).toMatchObject({ naming: { seqs: [1], unknown: [] } });
  });

  test('ends also where a dump of it was restored into a server that has run fewer transactions', async () => {
    const { conversationId, tag, send } = await aPlace();
    await send(`@${tag} old`);
    await forget(conversationId);
    await node.database.query(`update mention_backfill set waits_for = '1000000000000'`);
    await backfillToItsEnd();
  });

  test('takes no lock of a head', async () => {
    const { conversationId, tag, send } = await aPlace();
    await send(`@${tag} old`);
    await forget(conversationId);
    await node.mentionBackfill.run();
    await node.database.transaction(async (client) => {
      await client.query('select from conversation_heads where conversation_id = $1 for update', [conversationId]);
      await backfillToItsEnd();
    });
  });

  test('leaves out a message that is deleted while it is computed', async () => {
    const { author, conversationId, tag } = await aPlace();
    const id = await sendWithoutKeys(author, conversationId, `@${tag}`);
    expect(await mentionRows(conversationId)).toMatchObject([{ seq: 1, keys: null }]);
    const running = await node.database.transaction(async (client) => {
      await client.query('select from conversation_heads where conversation_id = $1 for no key update', [
        conversationId,
      ]);
      await client.query('select from messages where conversation_id = $1 for no key update', [conversationId]);
      const backfilling = node.mentionBackfill.run();
      await lockWaits(database);
      const change = { i: 0, k: 'delete', c: conversationId, u: author.userId, id };
      await client.query('select log_commit_v1($1, null, $2, true, 20)', [[conversationId], JSON.stringify([change])]);
      return { backfilling };
    });
    await running.backfilling;
    expect(await mentionRows(conversationId)).toEqual([]);
  });
});

describe('an edit', () => {
  test('R20: notifies nobody whom the message did not name before', async () => {
    const { reader, conversationId, tag, send, edit } = await aPlace();
    const other = await aGuest(node.database);
    const otherTag = await tagOf(other);
    const id = await send(`@${otherTag} first`);
    const plain = await send('nobody');
    expect(await edit(id, `@${otherTag} @${tag} both`)).toMatchObject({ mentionKeys: [otherTag] });
    expect(await edit(plain, `@${tag} too`)).toMatchObject({ mentionKeys: [] });
    expect(await mentionsOf(reader, conversationId)).toEqual([]);
    const messages = await everything(node, reader, conversationId);
    expect(messages.map(({ mentionKeys }) => mentionKeys)).toEqual([[otherTag], []]);
    expect(await edit(plain, 'nobody again')).toMatchObject({ body: 'nobody again' });
  });

  test('R20: waits in slow mode like a send, and makes the next send wait', async () => {
    const [author, moderator] = [await aGuest(node.database), await aGuest(node.database)];
    const conversationId = await aConversation(node.database, { members: [author, moderator], slowModeMs: 60_000 });
    await node.database.query(`update memberships set role = 'moderator' where user_id = $1`, [moderator.userId]);
    const write = async (actor: Actor, id: string) => {
      await node.log.append(actor, { conversationId, id, body: 'first' });
      return node.log.edit(actor, { conversationId, id, body: 'second', editId: uuidv7() });
    };
    const id = uuidv7();
    await expect(write(author, id)).rejects.toMatchObject({ code: 'slow_mode', retryAfterMs: expect.any(Number) });
    await expect(write(moderator, uuidv7())).resolves.toMatchObject({ body: 'second' });
    await node.database.query(`update slow_marks set last_at = now() - interval '1 hour'`);
    await node.log.edit(author, { conversationId, id, body: 'third', editId: uuidv7() });
    await expect(node.log.append(author, { conversationId, id: uuidv7(), body: 'x' })).rejects.toMatchObject({
      code: 'slow_mode',
    });
    const batch = ['one', 'two'].map((body) => ({
      kind: 'edit' as const,
      conversationId,
      userId: author.userId,
      id,
      body,
      editId: uuidv7(),
    }));
    await node.database.query(`update slow_marks set last_at = now() - interval '1 hour'`);
    const verdicts = await node.logRepository.commit(batch, true);
    expect(verdicts.map(({ outcome, code }) => code ?? outcome)).toEqual(['stored', 'slow_mode']);
  });
});

type Step =
  | { kind: 'send' | 'sendWithoutKeys'; body: number; isReader: boolean }
  | { kind: 'edit' | 'editWithoutKeys'; at: number; body: number }
  | { kind: 'delete'; at: number }
  | { kind: 'rename'; name: number }
  | { kind: 'raiseFloor' | 'backfill' | 'forget' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('send' as const, 'sendWithoutKeys' as const),
    body: fc.nat(7),
    isReader: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('edit' as const, 'editWithoutKeys' as const),
    at: fc.nat(9),
    body: fc.nat(7),
  }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(9) }),
  fc.record({ kind: fc.constant('rename' as const), name: fc.nat(2) }),
  fc.record({ kind: fc.constantFrom('raiseFloor' as const, 'backfill' as const, 'forget' as const) }),
);

test('the count by keys is the count by reading, whatever is sent, edited, deleted, erased and renamed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      const { author, reader, conversationId, tag } = await aPlace();
      const suffix = reader.userId.slice(-8);
      const names = [`momo${suffix}`, `小桃${suffix}`, `momo${suffix}.lee`];
      const bodies = ['hello', `@${tag}`, ...names.map((name) => `＠${name}, look`), '@', 'a@b', `@${names[1]}你好`];
      const messages: { id: string; authorId: string; texts: string[]; isDeleted: boolean }[] = [];
      let [floor, user] = [0, { tag } as { tag?: string; username?: string }];
      for (const each of steps) {
        const message = 'at' in each ? messages[each.at] : undefined;
        switch (each.kind) {
          case 'send':
          case 'sendWithoutKeys': {
            const id = uuidv7();
            const actor = each.isReader ? reader : author;
            const body = bodies[each.body]!;
            if (each.kind === 'sendWithoutKeys')
              messages.push({
                id: await sendWithoutKeys(actor, conversationId, body),
                authorId: actor.userId,
                texts: [body],
                isDeleted: false,
              });
            else {
              await node.log.append(actor, { conversationId, id, body });
              messages.push({ id, authorId: actor.userId, texts: [body], isDeleted: false });
            }
            break;
          }
          case 'edit':
          case 'editWithoutKeys': {
            if (!message || message.isDeleted || messages.indexOf(message) < floor) break;
            const { id, authorId: userId } = message;
            const change = { conversationId, id, body: bodies[each.body]!, editId: uuidv7() };
            if (each.kind === 'edit') await node.log.edit({ userId } as Actor, change);
            else await node.logRepository.commit([{ kind: 'edit', userId, ...change }], true);
            message.texts.push(change.body);
            break;
          }
          case 'delete':
            if (!message || message.isDeleted || messages.indexOf(message) < floor) break;
            await node.log.delete({ userId: message.authorId } as Actor, { conversationId, id: message.id });
            message.isDeleted = true;
            break;
          case 'rename':
            user = { username: names[each.name]! };
            await node.database.query(
              `update users set kind = 'member', tag = null, username = $2, username_key = $2 where id = $1`,
              [reader.userId, user.username],
            );
            break;
          case 'raiseFloor':
            await node.retention.raiseFloor(conversationId, -60_000);
            await node.retention.erase(conversationId);
            floor = messages.length;
            break;
          case 'backfill':
            await backfillToItsEnd();
            break;
          case 'forget':
            await forget(conversationId);
        }
        const named = messages.flatMap(({ authorId, texts, isDeleted }, index) =>
          index >= floor && !isDeleted && authorId !== reader.userId && texts.every((text) => isMentioned(text, user))
            ? [index + 1]
            : [],
        );
        expect(await mentionsOf(reader, conversationId)).toEqual(named);
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
