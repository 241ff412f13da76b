import { aGuest, aRoom, sync } from '@cloudhop/api/conversations/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { type FeatureNode, startFeatureNode } from './testing';

const database = testDatabase();
let node: FeatureNode;

beforeAll(async () => {
  node = await startFeatureNode(database.url);
});
afterAll(() => node.stop());

test('a sync answers whoever was never in a conversation as if there were none, of every kind', async () => {
  const { author, reader, conversationId } = await aRoom(node, 1);
  const stranger = await aGuest(node.database);
  const saved = await node.directs.open(author, author.userId);
  const groupId = uuidv7();
  await node.groups.create(reader, { id: groupId, title: 'Hikers', userIds: [] });
  for (const id of [conversationId, saved.conversation.id, groupId, uuidv7()])
    for (const rev of [0, 5])
      expect(await sync(node, stranger, id, rev)).toEqual({ conversationId: id, gone: 'erased' });
});
