import { type LogNode, aGuest, startLogNode } from '@cloudhop/api/conversations/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { groupServices } from './testing';

const database = testDatabase();
let node: LogNode & ReturnType<typeof groupServices>;

beforeAll(async () => {
  const started = await startLogNode(database.url);
  node = { ...started, ...groupServices(started) };
});
afterAll(() => node.stop());

describe('the creation of a group', () => {
  test('of people who choose one id at once, one gets the group', async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => aGuest(node.database)));
    const id = uuidv7();
    const told = await Promise.all(
      people.map(({ userId }) => node.groupsRepository.create(userId, { id, title: 'Hikers', userIds: [] })),
    );
    const codes = told.flat().map(({ code }) => code);
    expect(codes.filter((code) => code === null)).toHaveLength(1);
    expect(codes.filter((code) => code === 'id_taken')).toHaveLength(5);
  });
});
