import { limits } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Message } from '@cloudhop/contracts';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 as uuidv7 } from 'uuid';
import { LinkPreviewsRepository } from './link-previews.repository';
import { hashOf } from './link-previews.service';
import { type LogNode, aConversation, aGuest, startLogNode } from '../testing/log-node';

const database = testDatabase();
let web: Server;
let host: string;
let node: LogNode;
let other: LogNode;
/** The paths that were asked for, in order. */
const asked: string[] = [];
/** Delays responses. */
let gate: Promise<void> | undefined;

beforeAll(async () => {
  web = createServer((request, response) => {
    asked.push(request.url!);
    void Promise.resolve(gate).then(() => {
      if (request.url!.startsWith('/none')) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      return response.end(`<title>Page ${request.url}</title><meta property="og:site_name" content="Trails">`);
    });
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  node = await startLogNode(database.url, { previewHosts: [host] });
  other = await startLogNode(database.url, { previewHosts: [host] });
});
afterAll(async () => {
  await Promise.all([node.stop(), other.stop()]);
  await new Promise((resolve) => web.close(resolve));
});
beforeEach(() => {
  asked.length = 0;
});

type Somebody = Awaited<ReturnType<typeof aGuest>>;

async function aRoomOf(): Promise<{ ann: Somebody; conversationId: string }> {
  const ann = await aGuest(node.database);
  return { ann, conversationId: await aConversation(node.database, { members: [ann] }) };
}

async function say(ann: Somebody, conversationId: string, body: string): Promise<Message> {
  return (await node.log.append(ann, { conversationId, id: uuidv7(), body })).message as Message;
}

async function settle(by = node): Promise<void> {
  await by.indexer.catchUp();
  by.previews.work();
  await by.previews.whenIdle();
  await by.indexer.catchUp();
}

async function previewOf(ann: Somebody, { conversationId, seq }: Message) {
  const { messages } = await node.conversations.history(ann, { conversationId, around: seq, limit: 1 });
  return messages.find((message) => message.seq === seq)?.preview;
}

/** Lets `count` jobs look up the cache before any of them sends a request, so that each decides by itself. */
function afterAllLooked(count: number): jest.SpyInstance {
  const { known } = LinkPreviewsRepository.prototype;
  const all = Promise.withResolvers<void>();
  let looked = 0;
  return jest.spyOn(LinkPreviewsRepository.prototype, 'known').mockImplementation(async function (
    this: LinkPreviewsRepository,
    ...page
  ) {
    const found = await known.apply(this, page);
    if (++looked === count) all.resolve();
    await all.promise;
    return found;
  });
}

const jobs = () => node.database.query('select * from preview_jobs');

test('a message gets what its first link says of itself, once, whoever looks after it', async () => {
  const { ann, conversationId } = await aRoomOf();
  const message = await say(
    ann,
    conversationId,
    `see \`http://${host}/code\` or http://${host}/one and http://${host}/two`,
  );
  await Promise.all([node.indexer.catchUp(), other.indexer.catchUp()]);
  await Promise.all([settle(), settle(other)]);
  expect(await previewOf(ann, message)).toEqual({ url: `http://${host}/one`, title: 'Page /one', site: 'Trails' });
  expect(asked).toEqual(['/one']);
  expect(await jobs()).toEqual([]);
});

test('what a page said is kept for the next message, and so is that there was nothing', async () => {
  const { ann, conversationId } = await aRoomOf();
  const [first, none] = [
    await say(ann, conversationId, `http://${host}/kept`),
    await say(ann, conversationId, `http://${host}/none`),
  ];
  await settle();
  const again = await say(ann, conversationId, `again http://${host}/kept`);
  await say(ann, conversationId, `again http://${host}/none`);
  await settle();
  expect(asked.toSorted()).toEqual(['/kept', '/none']);
  expect(await previewOf(ann, again)).toEqual(await previewOf(ann, first));
  expect(await previewOf(ann, none)).toBeUndefined();
  await node.database.query(`update link_previews set fetched_at = now() - interval '2 hours'`);
  await say(ann, conversationId, `and again http://${host}/none http://${host}/kept`);
  await settle();
  expect(asked.toSorted()).toEqual(['/kept', '/none', '/none']);
});

test('many messages with one link ask for its page once', async () => {
  const { ann, conversationId } = await aRoomOf();
  const readTogether = afterAllLooked(limits.previewFetches);
  const messages = [];
  for (let n = 0; n < limits.previewFetches * 2; n++)
    messages.push(await say(ann, conversationId, `${n}: http://${host}/crowd`));
  await settle();
  readTogether.mockRestore();
  expect(asked).toEqual(['/crowd']);
  for (const message of messages) expect(await previewOf(ann, message)).toMatchObject({ title: 'Page /crowd' });
});

test('an edit brings another link, and its preview', async () => {
  const { ann, conversationId } = await aRoomOf();
  const message = await say(ann, conversationId, `http://${host}/old`);
  await settle();
  await node.log.edit(ann, { conversationId, id: message.id, body: `http://${host}/new`, editId: uuidv7() });
  expect(await previewOf(ann, message)).toBeUndefined();
  await settle();
  expect(await previewOf(ann, message)).toMatchObject({ title: 'Page /new' });
  // The preview returns without a request, with another text around the same link, and after a text without the link.
  for (const body of [`yes: http://${host}/new`, 'never mind', `http://${host}/new`]) {
    await node.log.edit(ann, { conversationId, id: message.id, body, editId: uuidv7() });
    await settle();
    const preview = await previewOf(ann, message);
    expect(preview?.title).toBe(body.includes('/new') ? 'Page /new' : undefined);
  }
  expect(asked).toEqual(['/old', '/new']);
});

test('a message that is deleted while its page is on the way stays without', async () => {
  const { ann, conversationId } = await aRoomOf();
  let open!: () => void;
  gate = new Promise((resolve) => (open = resolve));
  const message = await say(ann, conversationId, `http://${host}/late`);
  const settled = settle();
  while (asked.length === 0) await new Promise((resume) => setTimeout(resume, 5));
  const gone = await node.log.delete(ann, { conversationId, id: message.id });
  open();
  gate = undefined;
  await settled;
  const { messages } = await node.conversations.history(ann, { conversationId, around: message.seq, limit: 1 });
  expect(messages).toEqual([gone]);
});

test('a node that dies leaves its jobs to the others', async () => {
  const { ann, conversationId } = await aRoomOf();
  const message = await say(ann, conversationId, `http://${host}/inherited`);
  await other.indexer.catchUp();
  // Claimed a while ago by a crashed node.
  await other.previews.whenIdle();
  await node.database.query(
    `insert into preview_jobs (conversation_id, seq, message_id, author_id, url, said, due_at, tries)
     values ($1, $2, $3, $4, $5, $6, now() - interval '1 second', 1)
     on conflict (conversation_id, seq) do update set due_at = excluded.due_at`,
    [conversationId, message.seq, message.id, ann.userId, message.body, hashOf(message.body)],
  );
  await settle();
  expect(await previewOf(ann, message)).toMatchObject({ title: 'Page /inherited' });
  expect(await jobs()).toEqual([]);
});

test('nothing is asked of forbidden addresses, of the past, in a match, or beyond what one author may cause', async () => {
  const { ann, conversationId } = await aRoomOf();
  const port = Number(host.split(':')[1]);
  for (const link of [
    `http://localhost:${port}/a`,
    `http://127.0.0.2:${port}/b`,
    'http://169.254.169.254/c',
    `http://[::1]:${port}/d`,
  ])
    await say(ann, conversationId, link);
  const old = await say(ann, conversationId, `http://${host}/old-message`);
  await node.database.query(
    "update messages set created_at = now() - interval '1 day' where conversation_id = $1 and seq = $2",
    [conversationId, old.seq],
  );
  const match = await aConversation(node.database, { members: [ann] });
  await node.database.query(`update conversations set kind = 'match' where id = $1`, [match]);
  await say(ann, match, `http://${host}/match`);
  await settle();
  expect(asked).toEqual([]);
  const author = await aGuest(node.database);
  const busy = await aConversation(node.database, { members: [author] });
  for (let n = 0; n < limits.previewsPerMinute + 5; n++) await say(author, busy, `http://${host}/flood/${n}`);
  await settle();
  expect(asked).toHaveLength(limits.previewsPerMinute);
  expect(await jobs()).toEqual([]);
});

test('where previews are off nothing is noted and nothing asked', async () => {
  const off = await startLogNode(database.url);
  const { ann, conversationId } = await aRoomOf();
  await say(ann, conversationId, `http://${host}/off`);
  await off.indexer.catchUp();
  off.previews.work();
  await off.previews.whenIdle();
  expect([asked, await jobs()]).toEqual([[], []]);
  await off.stop();
});
