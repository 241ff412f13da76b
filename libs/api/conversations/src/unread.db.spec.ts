import { testDatabase } from '@cloudhop/api/database/testing';
import type { Conversation } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { toConversation } from './rows';
import { type LogNode, aConversation, aGuest, startLogNode } from './testing/log-node';

const database = testDatabase();
let node: LogNode;

beforeAll(async () => {
  node = await startLogNode(database.url);
});
afterAll(() => node.stop());

/** The count as the contract describes it. */
function unreadOf({ seq, readSeq = 0, floorSeq, deletedUnread = [] }: Conversation): number {
  const mark = Math.max(readSeq, floorSeq);
  return Math.max(0, seq - mark) - deletedUnread.filter((deleted) => deleted > mark).length;
}

type Step = { send: true } | { deleteAt: number } | { readAt: number };

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ send: true }) },
    { weight: 2, arbitrary: fc.nat(99).map((deleteAt): Step => ({ deleteAt })) },
    { weight: 1, arbitrary: fc.nat(99).map((readAt): Step => ({ readAt })) },
  ),
  { minLength: 3, maxLength: 20 },
);

describe('the count of unread messages', () => {
  test('is of those that are not deleted, through every door that sends a conversation', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const [author, reader] = [await aGuest(node.database), await aGuest(node.database)];
        const conversationId = await aConversation(node.database, { members: [author, reader] });
        const sent: { id: string; isDeleted: boolean }[] = [];
        let readSeq = 0;
        for (const step of all) {
          if ('send' in step) {
            const id = uuidv7();
            await node.log.append(author, { conversationId, id, body: 'a text' });
            sent.push({ id, isDeleted: false });
          } else if (sent.length === 0) continue;
          else if ('deleteAt' in step) {
            const message = sent[step.deleteAt % sent.length]!;
            await node.log.delete(author, { conversationId, id: message.id });
            message.isDeleted = true;
          } else {
            readSeq = Math.max(readSeq, (step.readAt % sent.length) + 1);
            await node.database.query(
              'update memberships set read_seq = $3 where conversation_id = $1 and user_id = $2',
              [conversationId, reader.userId, readSeq],
            );
          }
        }
        const expected = sent.slice(readSeq).filter(({ isDeleted }) => !isDeleted).length;
        const { userId } = reader;
        const isThis = ({ id }: { id: string }) => id === conversationId;
        const synced = (await node.personal.snapshot(userId))!.snapshot.conversations.find(isThis)!;
        const listed = (await node.repository.list(userId, undefined, 50)).find(isThis)!;
        const opened = (await node.repository.page(conversationId, userId, { limit: 5 }))!;
        expect([synced, toConversation(listed), toConversation(opened)].map(unreadOf)).toEqual([
          expected,
          expected,
          expected,
        ]);
      }),
      { numRuns: 15 },
    );
  });

  test('reads no message that is not deleted', async () => {
    const author = await aGuest(node.database);
    const conversationId = await aConversation(node.database, { members: [author] });
    const ids = Array.from({ length: 40 }, () => uuidv7());
    for (const id of ids) await node.log.append(author, { conversationId, id, body: 'a text' });
    for (const id of ids.slice(0, 3)) await node.log.delete(author, { conversationId, id });
    const read = await node.database.transaction(async (client) => {
      const rowsRead = async () => {
        const { rows } = await client.query<{ count: number }>(
          `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables
           where relname = 'messages'`,
        );
        return rows[0]!.count;
      };
      // A table of so few rows is read whole whatever the indexes are.
      await client.query('set local enable_seqscan = off');
      const before = await rowsRead();
      await client.query('select deleted_above_v1($1, 0)', [conversationId]);
      return (await rowsRead()) - before;
    });
    expect(read).toBe(3);
  });
});
