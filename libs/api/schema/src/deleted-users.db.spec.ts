import { type AuthRepositories, authRepositories } from '@cloudhop/api/auth/testing';
import type { Actor } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidv7 } from 'uuid';
import { aGuest } from '@cloudhop/api/conversations/testing';
import { type FeatureNode, startFeatureNode } from './testing';

const database = testDatabase();
let node: FeatureNode & AuthRepositories;
let lobbyId: string;

beforeAll(async () => {
  const started = await startFeatureNode(database.url);
  node = { ...started, ...authRepositories(started.database) };
  lobbyId = await node.conversations.ensureLobby(86_400_000);
});
afterAll(() => node.stop());

interface Scene {
  actor: Actor;
  other: Actor;
  /** A group of `other`, into which `actor` is invited. */
  invitedTo: string;
  /** A group of `actor`. */
  own: string;
}

async function aScene(): Promise<Scene> {
  const [actor, other] = [await aGuest(node.database), await aGuest(node.database)];
  const [invitedTo, own] = [uuidv7(), uuidv7()];
  await node.groups.create(other, { id: invitedTo, title: 'Hikers', userIds: [actor.userId] });
  await node.groups.create(actor, { id: own, title: 'Swimmers', userIds: [] });
  await node.friendsRepository.changeFriend(other.userId, actor.userId, 'request');
  await node.personalSettings.change(other, { whoMayMessage: 'anyone' });
  return { actor, other, invitedTo, own };
}

/** Everything that somebody does to others or to what is their own, by the functions of the database. */
const operations: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  request: async ({ actor }) =>
    node.friends.changeFriend(actor, (await aGuest(node.database)).userId, 'request', 'hello'),
  accept: ({ actor, other }) => node.friends.changeFriend(actor, other.userId, 'accept'),
  decline: ({ actor, other }) => node.friends.changeFriend(actor, other.userId, 'decline'),
  block: ({ actor, other }) => node.friends.changeBlock(actor, other.userId, 'blocked'),
  mute: ({ actor, other }) => node.friends.changeBlock(actor, other.userId, 'muted'),
  direct: ({ actor, other }) => node.directs.open(actor, other.userId),
  saved: ({ actor }) => node.directs.open(actor, actor.userId),
  settings: ({ actor }) => node.personalSettings.change(actor, { whoMayMessage: 'anyone' }),
  'lobby mark': ({ actor }) => node.marks.mark(actor, lobbyId, { notices: 'none' }),
  'group create': ({ actor }) => node.groups.create(actor, { id: uuidv7(), title: 'Divers', userIds: [] }),
  'group join': ({ actor, invitedTo }) => node.groups.join(actor, invitedTo),
  'group add': ({ actor, other, own }) => node.groups.change(actor, own, other.userId, 'add'),
  'group title': ({ actor, own }) => node.groups.changeSettings(actor, own, { title: 'Sailors' }),
  'recovery code': ({ actor }) =>
    node.usersRepository.replaceRecoveryCodes(actor.userId, null, [Buffer.from(uuidv7())]),
  draft: ({ actor }) =>
    node.marksRepository.writeDrafts([{ c: lobbyId, u: actor.userId, body: 'half a th' }]).then(([row]) => {
      if (row!.kind === 'refused') throw Object.assign(new Error('refused'), { code: 'session_ended' });
    }),
};

/** Reads what the database still holds of a user besides the anonymised row, memberships and what they said. */
async function remainsOf(userId: string): Promise<string[]> {
  const [row] = await database.query<{ remains: string[] }>(
    `select array_remove(array[
       (select 'friendships' from friendships where user_id = $1 and state <> 'none' limit 1),
       (select 'others'' friendships' from friendships where other_id = $1 and state <> 'none' limit 1),
       (select 'blocks' from blocks where user_id = $1 limit 1),
       (select 'drafts' from drafts where user_id = $1 limit 1),
       (select 'settings' from personal_settings where user_id = $1 limit 1),
       (select 'recovery codes' from recovery_codes where user_id = $1 limit 1),
       (select 'former names' from former_names where user_id = $1 limit 1),
       (select 'last seen' from last_seen where user_id = $1 limit 1),
       (select 'notices' from memberships m join conversations c on c.id = m.conversation_id
        where m.user_id = $1 and c.kind = 'lobby' and m.notices is not null limit 1)
     ], null) as remains`,
    [userId],
  );
  return row!.remains;
}

test('nothing personal remains of somebody who is deleted', async () => {
  const { actor, other } = await aScene();
  await node.friends.changeFriend(actor, other.userId, 'accept');
  await node.personalSettings.change(actor, { whoMayMessage: 'anyone' });
  await node.lastSeenRepository.write([actor.userId]);
  await node.marksRepository.writeDrafts([{ c: lobbyId, u: actor.userId, body: 'half a th' }]);
  await node.usersRepository.replaceRecoveryCodes(actor.userId, null, [Buffer.from(uuidv7())]);
  await node.usersRepository.changeProfile(actor.userId, '小桃');
  expect((await remainsOf(actor.userId)).length).toBeGreaterThan(5);
  await node.usersRepository.forget(actor.userId, 'revoked');
  expect(await remainsOf(actor.userId)).toEqual([]);
});

describe.each(Object.entries(operations))('%s', (_name, operation) => {
  test('is refused to somebody who was deleted meanwhile', async () => {
    const scene = await aScene();
    await node.usersRepository.forget(scene.actor.userId, 'revoked');
    await expect(operation(scene)).rejects.toMatchObject({ code: 'session_ended' });
    expect(await remainsOf(scene.actor.userId)).toEqual([]);
  });

  test('leaves nothing behind when it meets the deletion', async () => {
    for (let round = 0; round < 8; round++) {
      const scene = await aScene();
      const [done] = await Promise.allSettled([
        operation(scene),
        node.usersRepository.forget(scene.actor.userId, 'revoked'),
        operation(scene),
      ]);
      if (done.status === 'rejected') expect(done.reason).toMatchObject({ code: 'session_ended' });
      expect(await remainsOf(scene.actor.userId)).toEqual([]);
    }
  });
});

test('nobody is their own friend, whoever calls the function', async () => {
  const { actor } = await aScene();
  for (const verb of ['request', 'accept', 'decline', 'withdraw', 'remove'] as const)
    expect(await node.friendsRepository.changeFriend(actor.userId, actor.userId, verb)).toMatchObject([
      { kind: 'refused', data: 'not_found' },
    ]);
});
