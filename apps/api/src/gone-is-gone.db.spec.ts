import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message } from '@cloudhop/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Visitor, aVisitor, until } from './testing/visitor';

const database = testDatabase();
let here: ApiProcess;
let there: ApiProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-gone-'));
  here = await startApiProcess({ databaseUrl: database.url, dataDir: folder });
  there = await startApiProcess({ databaseUrl: database.url, dataDir: folder });
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = 'Wolkenschaf';

async function send(by: Visitor, body: string, replyTo?: string): Promise<Message> {
  const reply = await by.request('message:send', {
    conversationId: by.lobbyId,
    id: uuidv7(),
    body,
    ...(replyTo !== undefined && { replyTo }),
  });
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.data as Message;
}

/** Everything that somebody can ask about the lobby, also as of before anything happened there. */
async function everyAnswer(asker: Visitor, known: Message[], author: Visitor): Promise<string> {
  const { lobbyId: conversationId } = asker;
  const [first] = known;
  const answers: unknown[] = [];
  for (const rev of [0, 1, first!.rev, first!.rev + 1])
    answers.push(
      await asker.request('feed:sync', { personal: 0, conversations: [{ conversationId, rev }] }),
      await asker.request('conversation:open', { conversationId, rev }),
    );
  answers.push(
    await asker.request('feed:sync', {}),
    await asker.request('conversation:open', { conversationId }),
    await asker.request('conversation:history', { conversationId, around: first!.seq }),
  );
  // The author's own retry: the message as it stands now.
  for (const { id, body, replyTo, authorId } of known) {
    const by = authorId === author.user.id ? author : asker;
    answers.push(await by.request('message:send', { conversationId, id, body, ...(replyTo && { replyTo }) }));
  }
  for (const path of [
    `/conversations/${conversationId}/messages`,
    `/conversations/${conversationId}/messages/pinned`,
    `/conversations/${conversationId}`,
    '/conversations',
    `/search?q=${secret}`,
  ])
    answers.push(await (await asker.rest('GET', path)).text());
  return JSON.stringify(answers);
}

test.each(['delete', 'edit'] as const)(
  'I13: after an acknowledged %s no answer and no fact of any process holds the text, nor a quote of it',
  async (kind) => {
    const author = await aVisitor(here.url);
    const others = [await aVisitor(here.url), await aVisitor(there.url)];
    const text = `${secret} ${kind}`;
    const message = await send(author, text);
    const answers = await Promise.all(others.map((other) => send(other, 'an answer', message.id)));
    const { lobbyId: conversationId } = author;
    await author.request('message:pin', { conversationId, id: message.id, on: true });
    await author.request('message:react', { conversationId, id: message.id, emoji: '👍', on: true });
    // Everybody was told of it, so that it is in the memory of both processes.
    await until(() => others.every(({ facts }) => JSON.stringify(facts).includes(text)), 6_000);

    const ended =
      kind === 'delete'
        ? await author.request('message:delete', { conversationId, id: message.id })
        : await author.request('message:edit', { conversationId, id: message.id, body: 'harmless', editId: uuidv7() });
    expect(ended.ok).toBe(true);
    // At once, by people of both processes, and by somebody who came later.
    const known = [message, ...answers];
    const later = [await aVisitor(here.url), await aVisitor(there.url)];
    for (const asker of [...others, ...later]) expect(await everyAnswer(asker, known, author)).not.toContain(text);

    // And once a process has told the end, nothing that it tells holds the text.
    const end = ended.ok ? ended.data.rev : 0;
    await until(() => others.every(({ facts }) => revsOf(facts).some((rev) => rev >= end)), 6_000);
    const told = others.map(({ facts }) => facts.length);
    await send(author, 'one more');
    for (const other of others) await send(other, 'and an answer', message.id);
    const last = await send(author, 'the last');
    await until(() => others.every(({ facts }) => revsOf(facts).some((rev) => rev >= last.rev)), 6_000);
    others.forEach(({ facts }, i) => expect(JSON.stringify(facts.slice(told[i]))).not.toContain(text));
  },
  30_000,
);

/** The revs that frames of a conversation have reached. */
function revsOf(facts: Visitor['facts']): number[] {
  return facts.flatMap(({ name, payload }) =>
    name === 'conversation:changed' && 'toRev' in payload ? payload.toRev : [],
  );
}
