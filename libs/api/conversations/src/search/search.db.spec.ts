import { type Actor, limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { type SearchPage, folded } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { type LogNode, aConversation, aGuest, startLogNode } from '../testing/log-node';

const database = testDatabase();
let node: LogNode;
let lobbyId: string;

beforeAll(async () => {
  // Small steps, so that short logs reach their ends.
  limits.searchStep = 3;
  limits.indexMessages = 7;
  node = await startLogNode(database.url);
  lobbyId = await node.conversations.ensureLobby(86_400_000);
});
afterAll(() => node.stop());

/** Everything that is there for `reader`, as a plain LIKE finds it: the slow truth. */
async function like(reader: Actor, run: string): Promise<string[]> {
  const rows = await node.database.query<{ id: string; body: string; created_at: Date }>(
    `select m.id, m.body, m.created_at from messages m join conversations c on c.id = m.conversation_id
     join conversation_heads h on h.conversation_id = c.id
     left join memberships s on s.conversation_id = c.id and s.user_id = $1
     where m.deleted_at is null and m.seq > h.floor_seq and m.seq > coalesce(s.cleared_seq, 0)
       and case when c.kind = 'lobby' then s.state is distinct from 'banned' else s.state = 'joined' end`,
    [reader.userId],
  );
  return rows.filter(({ body }) => folded(body).includes(folded(run))).map(({ id }) => id);
}

async function found(reader: Actor, q: string, limit = 2): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page: SearchPage = await node.search.find(reader, { q, limit, ...(cursor !== undefined && { cursor }) });
    ids.push(...page.items.map(({ message }) => message.id));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
}

/** Few characters, so that parts meet: Han with its compatibility forms, Kana of both widths, Hangul, and what breaks runs. */
const character = fc.constantFrom(
  '上',
  '海',
  '市',
  '㍿',
  'カ',
  'ｶ',
  'ﾞ',
  'ー',
  'の',
  '한',
  '국',
  'a',
  'É',
  ' ',
  '。',
  '🌷',
  '\u{20000}',
);
const aText = fc.string({ unit: character, minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');
const aRun = fc.string({
  unit: fc.constantFrom('上', '海', '市', 'カ', 'ー', 'の', '한', '국', '\u{20000}'),
  minLength: 1,
  maxLength: 4,
});

test('parts of Han, Kana and Hangul are found exactly as LIKE finds them, by those who may read them, and at once no more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ text: aText, place: fc.nat(2), fate: fc.constantFrom('stays', 'stays', 'edited', 'deleted') }),
        {
          minLength: 4,
          maxLength: 25,
        },
      ),
      aText,
      fc.array(aRun, { minLength: 3, maxLength: 3 }),
      fc.nat(4),
      async (messages, changed, runs, leaves) => {
        const [author, reader] = [await aGuest(node.database), await aGuest(node.database)];
        const places = [
          lobbyId,
          await aConversation(node.database, { members: [author, reader] }),
          await aConversation(node.database, { members: [author] }),
        ];
        const said: { conversationId: string; id: string; fate: string }[] = [];
        for (const { text, place, fate } of messages) {
          const one = { conversationId: places[place]!, id: uuidv7() };
          await node.log.append(author, { ...one, body: text });
          said.push({ ...one, fate });
        }
        await node.indexer.catchUp();
        for (const { fate, ...one } of said)
          if (fate === 'edited') await node.log.edit(author, { ...one, body: changed, editId: uuidv7() });
        await node.indexer.catchUp();
        // What goes now is not found from now on, whatever the index says.
        for (const { fate, ...one } of said) if (fate === 'deleted') await node.log.delete(author, one);
        if (leaves === 0) await node.setMember(places[1]!, reader.userId, { state: 'left' });
        if (leaves === 1) await node.setMember(places[1]!, reader.userId, { state: 'banned' });
        for (const run of runs)
          for (const person of [author, reader]) {
            const ids = await found(person, run);
            expect(new Set(ids).size).toBe(ids.length);
            expect([run, ids.toSorted()]).toEqual([run, (await like(person, run)).toSorted()]);
          }
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

const word = fc.constantFrom('hello', 'Hello', 'WORLD', 'worlds', 'ｈｅｌｌｏ', 'straße', 'naïve', 'a1');
const aSentence = fc
  .array(fc.tuple(word, fc.constantFrom(' ', ', ', '-', '上', ' 海 ')), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.flat().join(''));

test('words are found whole, in any case and width, all of them, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aSentence, { minLength: 3, maxLength: 20 }), word, word, async (sentences, one, two) => {
      const author = await aGuest(node.database);
      const conversationId = await aConversation(node.database, { members: [author] });
      const said = sentences.map((body) => ({ id: uuidv7(), body }));
      for (const message of said) await node.log.append(author, { conversationId, ...message });
      await node.indexer.catchUp();
      const wordsOf = (text: string) => folded(text).split(/[^\p{L}\p{N}]|上|海/u);
      const has = (body: string) => [one, two].every((each) => wordsOf(body).includes(folded(each)));
      const expected = said.filter(({ body }) => has(body)).map(({ id }) => id);
      const { items } = await node.search.find(author, { q: `${one} ${two}`, conversationId, limit: 50 });
      expect(items.map(({ message }) => message.id)).toEqual(expected.toReversed());
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('two who index the same at once leave each message there once', async () => {
  const author = await aGuest(node.database);
  const conversationId = await aConversation(node.database, { members: [author] });
  for (let n = 0; n < 30; n++) await node.log.append(author, { conversationId, id: uuidv7(), body: `number ${n}` });
  const other = await startLogNode(database.url);
  await Promise.all([node.indexer.catchUp(), other.indexer.catchUp(), node.indexer.catchUp()]);
  await other.stop();
  const [counted] = await node.database.query<{ rows: number; places: number }>(
    'select count(*)::int as rows, count(distinct ord)::int as places from message_terms where conversation_id = $1',
    [conversationId],
  );
  expect(counted).toEqual({ rows: 30, places: 30 });
});

test('operators: who said it, where, when and with what', async () => {
  const [author, other] = [await aGuest(node.database), await aGuest(node.database)];
  const conversationId = await aConversation(node.database, { members: [author, other] });
  await node.database.query(`update conversations set title = '讀書會', slug = 'book-club' where id = $1`, [
    conversationId,
  ]);
  const ids = Array.from({ length: 4 }, () => uuidv7());
  await node.log.append(author, { conversationId, id: ids[0]!, body: 'plans https://example.org/x' });
  await node.log.append(other, { conversationId, id: ids[1]!, body: 'more plans' });
  await node.log.append(author, { conversationId, id: ids[2]!, body: 'old plans for "the big day" out' });
  await node.log.append(author, { conversationId: lobbyId, id: ids[3]!, body: 'plans in the lobby' });
  await node.database.query(`update messages set created_at = '2020-02-03T12:00:00Z' where id = $1`, [ids[2]]);
  await node.setMember(conversationId, author.userId, { role: 'moderator' });
  await node.log.pin(author, { conversationId, id: ids[1]!, on: true });
  await node.indexer.catchUp();
  const [{ tag } = { tag: '' }] = await node.database.query<{ tag: string }>('select tag from users where id = $1', [
    other.userId,
  ]);
  for (const [q, expected] of [
    ['plans from:me', [3, 0, 2]],
    [`plans from:#${tag}`, [1]],
    [`plans from:me from:${tag}`, [3, 1, 0, 2]],
    ['plans in:book-club', [1, 0, 2]],
    ['plans in:"讀書會"', [1, 0, 2]],
    ['PLANS in：lobby', [3]],
    ['plans has:link', [0]],
    ['has:pin in:book-club', [1]],
    ['plans in:book-club before:2020-02-04', [2]],
    ['plans in:book-club before:2020-02-03', []],
    ['plans in:book-club after:2020-02-03', [1, 0]],
    ['"the big day"', [2]],
    ['"the big da"', []],
    ['day big the', [2]],
  ] as const) {
    const [got, wanted] = [await found(author, q), expected.map((n) => ids[n])];
    expect([q, got.filter((id) => ids.includes(id))]).toEqual([q, wanted]);
  }
});
