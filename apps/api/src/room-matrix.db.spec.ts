import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import type { Conversation, ErrorCode, Message, Session } from '@cloudhop/contracts';
import { type Visitor, aGuestSession, aVisitor } from './testing/visitor';

/** Permission matrix of rooms: users in each role and state, in a public room and in a private one. */
const people = ['owner', 'moderator', 'member', 'muted', 'banned', 'exMember', 'invited', 'outsider', 'guest'] as const;
type Person = (typeof people)[number];
type Outcome = 'ok' | ErrorCode;
type Outcomes = { others: Outcome } & Partial<Record<Person, Outcome>>;
const kinds = ['public', 'private'] as const;
type Kind = (typeof kinds)[number];

interface Room {
  id: string;
  messageId: string;
  inviteId: string;
}

const database = testDatabase();
let api: ApiProcess;
const visitors = {} as Record<Person, Visitor>;
const rooms = {} as Record<Kind, Room>;
let bystander: Visitor;

beforeAll(async () => {
  api = await startApiProcess({ databaseUrl: database.url });
  for (const person of people) visitors[person] = await aVisitor(api.url, await sessionOf(person), { isLasting: true });
  bystander = await aVisitor(api.url, await sessionOf('outsider', 'bystander'), { isLasting: true });
  const { owner } = visitors;
  for (const visibility of kinds) {
    const made = await owner.rest('POST', '/rooms', { name: `A ${visibility} room`, visibility });
    const { id } = (await made.json()) as Conversation;
    const sent = await owner.rest('POST', `/rooms/${id}/messages`, { body: 'hello' });
    const link = await owner.rest('POST', `/rooms/${id}/invites`, {});
    rooms[visibility] = {
      id,
      messageId: ((await sent.json()) as Message).id,
      inviteId: ((await link.json()) as { invite: { id: string } }).invite.id,
    };
  }
}, 60_000);

async function sessionOf(person: Person, name = `the_${person.toLowerCase()}`): Promise<Session> {
  if (person === 'guest') return aGuestSession(api.url);
  const response = await fetch(`${api.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: name, password: 'correct horse battery' }),
  });
  return (await response.json()) as Session;
}

/** Restores the role and state of all users in both rooms. */
async function standAsNamed(): Promise<void> {
  const rows = {
    owner: `'owner', 'joined', null`,
    moderator: `'moderator', 'joined', null`,
    member: `'member', 'joined', null`,
    muted: `'member', 'joined', now() + interval '1 hour'`,
    banned: `'member', 'banned', null`,
    exMember: `'member', 'left', null`,
    invited: `'member', 'invited', null`,
    guest: `'member', 'joined', null`,
  };
  for (const { id } of Object.values(rooms)) {
    const values = Object.entries(rows).map(
      ([person, row]) => `('${id}', '${visitors[person as Person].user.id}', ${row}, now())`,
    );
    await database.query(
      `delete from memberships where conversation_id = '${id}';
       update conversations set member_count = 5 where id = '${id}';
       update messages set pinned_at = null, deleted_at = null, body = 'hello' where conversation_id = '${id}';
       insert into memberships (conversation_id, user_id, role, state, muted_until, joined_at) values ${values.join(', ')}`,
    );
  }
}

type Ask = (room: Room) => readonly [method: string, path: string, body?: unknown];

const reading = { owner: 'ok', moderator: 'ok', member: 'ok', muted: 'ok', guest: 'ok', banned: 'banned' } as const;
const speaking = { ...reading, muted: 'muted' } as const;
const managing = { others: 'forbidden', owner: 'ok', moderator: 'ok' } as const;
/** Users who are neither members of a private room nor invited see nothing of it. */
const unknown = { outsider: 'not_found', exMember: 'not_found', banned: 'not_found' } as const;

const rows: Record<string, { ask: Ask; outcomes: Record<Kind, Outcomes> }> = {
  'see it': {
    ask: ({ id }) => ['GET', `/rooms/${id}`],
    outcomes: { public: { others: 'ok' }, private: { others: 'ok', ...unknown } },
  },
  'come in': {
    ask: ({ id }) => ['POST', `/rooms/${id}/join`],
    outcomes: { public: { others: 'ok', banned: 'banned' }, private: { others: 'ok', ...unknown } },
  },
  go: {
    ask: ({ id }) => ['POST', `/rooms/${id}/leave`],
    outcomes: { public: { others: 'ok', banned: 'banned' }, private: { others: 'ok', ...unknown } },
  },
  'read it': {
    ask: ({ id }) => ['GET', `/rooms/${id}/messages`],
    outcomes: {
      public: { others: 'not_a_member', ...reading },
      private: { others: 'not_a_member', ...reading, ...unknown },
    },
  },
  'read it as a conversation': {
    ask: ({ id }) => ['GET', `/conversations/${id}/messages`],
    outcomes: { public: { others: 'not_found', ...reading }, private: { others: 'not_found', ...reading } },
  },
  'look for what was said': {
    ask: ({ id }) => ['GET', `/search?q=hello&conversationId=${id}`],
    outcomes: { public: { others: 'not_found', ...reading }, private: { others: 'not_found', ...reading } },
  },
  'see what is pinned': {
    ask: ({ id }) => ['GET', `/conversations/${id}/pins`],
    outcomes: { public: { others: 'not_found', ...reading }, private: { others: 'not_found', ...reading } },
  },
  'see who is in it': {
    ask: ({ id }) => ['GET', `/rooms/${id}/members`],
    outcomes: {
      public: { others: 'not_a_member', ...reading },
      private: { others: 'not_a_member', ...reading, ...unknown },
    },
  },
  'see who was banned': {
    ask: ({ id }) => ['GET', `/rooms/${id}/members?state=banned`],
    outcomes: {
      public: {
        ...managing,
        banned: 'banned',
        exMember: 'not_a_member',
        invited: 'not_a_member',
        outsider: 'not_a_member',
      },
      private: { ...managing, invited: 'not_a_member', ...unknown },
    },
  },
  post: {
    ask: ({ id }) => ['POST', `/rooms/${id}/messages`, { body: 'me' }],
    outcomes: {
      public: { others: 'not_a_member', ...speaking },
      private: { others: 'not_a_member', ...speaking, ...unknown },
    },
  },
  react: {
    ask: ({ id, messageId }) => [
      'PUT',
      `/conversations/${id}/messages/${messageId}/reactions`,
      { emoji: '🎉', on: true },
    ],
    outcomes: { public: { others: 'not_found', ...speaking }, private: { others: 'not_found', ...speaking } },
  },
  'change what another said': {
    ask: ({ id, messageId }) => ['PATCH', `/conversations/${id}/messages/${messageId}`, { body: 'mine' }],
    outcomes: {
      public: {
        others: 'not_found',
        owner: 'ok',
        moderator: 'forbidden',
        member: 'forbidden',
        guest: 'forbidden',
        muted: 'muted',
        banned: 'banned',
      },
      private: {
        others: 'not_found',
        owner: 'ok',
        moderator: 'forbidden',
        member: 'forbidden',
        guest: 'forbidden',
        muted: 'muted',
        banned: 'banned',
      },
    },
  },
  pin: {
    ask: ({ id, messageId }) => ['PUT', `/conversations/${id}/messages/${messageId}/pin`, { on: true }],
    outcomes: {
      public: {
        others: 'not_found',
        owner: 'ok',
        moderator: 'ok',
        member: 'forbidden',
        guest: 'forbidden',
        muted: 'muted',
        banned: 'banned',
      },
      private: {
        others: 'not_found',
        owner: 'ok',
        moderator: 'ok',
        member: 'forbidden',
        guest: 'forbidden',
        muted: 'muted',
        banned: 'banned',
      },
    },
  },
  'change its topic': {
    ask: ({ id }) => ['PATCH', `/rooms/${id}`, { topic: 'Plans' }],
    outcomes: {
      public: { ...managing, banned: 'not_found', exMember: 'not_found', invited: 'not_found', outsider: 'not_found' },
      private: { ...managing, invited: 'not_found', ...unknown },
    },
  },
  'change who finds it': {
    ask: ({ id }) => ['PATCH', `/rooms/${id}`, { guests: 'write' }],
    outcomes: {
      public: {
        ...managing,
        moderator: 'forbidden',
        banned: 'not_found',
        exMember: 'not_found',
        invited: 'not_found',
        outsider: 'not_found',
      },
      private: { ...managing, moderator: 'forbidden', invited: 'not_found', ...unknown },
    },
  },
  invite: {
    ask: ({ id }) => ['POST', `/rooms/${id}/members`, { userId: bystander.user.id }],
    outcomes: { public: managing, private: { ...managing, ...unknown } },
  },
  'mute a member': {
    ask: ({ id }) => [
      'PATCH',
      `/rooms/${id}/members/${visitors.member.user.id}`,
      { mutedUntil: '2100-01-01T00:00:00.000Z' },
    ],
    outcomes: { public: managing, private: { ...managing, ...unknown } },
  },
  'ban the owner': {
    ask: ({ id }) => ['PATCH', `/rooms/${id}/members/${visitors.owner.user.id}`, { isBanned: true }],
    outcomes: { public: { others: 'forbidden' }, private: { others: 'forbidden', ...unknown } },
  },
  'make a moderator': {
    ask: ({ id }) => ['PATCH', `/rooms/${id}/members/${visitors.member.user.id}`, { role: 'moderator' }],
    outcomes: {
      public: { ...managing, moderator: 'forbidden' },
      private: { ...managing, moderator: 'forbidden', ...unknown },
    },
  },
  'take out a moderator': {
    ask: ({ id }) => ['DELETE', `/rooms/${id}/members/${visitors.moderator.user.id}`],
    outcomes: {
      public: { ...managing, moderator: 'forbidden' },
      private: { ...managing, moderator: 'forbidden', ...unknown },
    },
  },
  'hand it over': {
    ask: ({ id }) => ['PUT', `/rooms/${id}/owner`, { userId: visitors.member.user.id }],
    outcomes: {
      public: { ...managing, moderator: 'forbidden' },
      private: { ...managing, moderator: 'forbidden', ...unknown },
    },
  },
  'make a link': {
    ask: ({ id }) => ['POST', `/rooms/${id}/invites`],
    outcomes: { public: managing, private: { ...managing, ...unknown } },
  },
  'take a link back': {
    ask: ({ id, inviteId }) => ['DELETE', `/rooms/${id}/invites/${inviteId}`],
    outcomes: { public: managing, private: { ...managing, ...unknown } },
  },
};

const cases = Object.keys(rows).flatMap((name) => kinds.map((kind) => [name, kind] as const));

test.each(cases)(
  'who may %s in a %s room',
  async (name, kind) => {
    const { ask, outcomes } = rows[name]!;
    for (const person of people) {
      await standAsNamed();
      const [method, path, body] = ask(rooms[kind]);
      const response = await visitors[person].rest(method, path, body ?? (method === 'GET' ? undefined : {}));
      const json = (await response.json()) as { error?: { code: ErrorCode } };
      expect([name, person, json.error?.code ?? 'ok']).toEqual([
        name,
        person,
        outcomes[kind][person] ?? outcomes[kind].others,
      ]);
    }
  },
  30_000,
);

test.each(kinds)(
  'who may open a %s room, read on in it, mark it as read and keep a draft there',
  async (kind) => {
    await standAsNamed();
    const { id: conversationId } = rooms[kind];
    const asked = {
      'conversation:open': { conversationId },
      'conversation:history': { conversationId },
      'conversation:read': { conversationId, seq: 1 },
      'draft:set': { conversationId, body: 'about' },
    } as const;
    const ask = async (person: Person) => {
      const outcomes: Record<string, string> = {};
      for (const [name, payload] of Object.entries(asked)) {
        const reply = await visitors[person].raw(name, payload);
        outcomes[name] = reply.ok ? 'ok' : reply.error.code;
      }
      return [person, outcomes] as const;
    };
    for (const [person, outcomes] of await Promise.all(people.map(ask))) {
      const expected = reading[person as keyof typeof reading] ?? 'not_found';
      const all: Record<string, string> = Object.fromEntries(Object.keys(asked).map((name) => [name, expected]));
      // draft:set answers banned users with not_found.
      if (expected === 'banned') all['draft:set'] = 'not_found';
      expect([person, outcomes]).toEqual([person, all]);
    }
  },
  30_000,
);
