import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testDatabase } from '@cloudhop/api/database/testing';
import { Client } from 'pg';
import { schema } from '.';

/** PL/pgSQL checks names and types only when a statement runs, so each function is run here, and by each of its verbs. */

const database = testDatabase();
let client: Client;

const id = (n: number) => `'00000000-0000-7000-8000-00000000000${n}'::uuid`;
const [owner, member, lobby, room, direct, group, message] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

/** Two users with one conversation of each kind; in the room a message with everything that one can have. */
const world = `
  insert into users (id, kind, username, tag) values (${owner}, 'member', 'owner', null), (${member}, 'guest', null, '00000a');
  insert into sessions (id, user_id, expires_at) values (${owner}, ${owner}, now() + interval '1 day');
  insert into personal_heads (user_id) values (${owner}), (${member});
  insert into conversations (id, kind, slow_mode_ms, visibility, direct_low, direct_high) values
    (${lobby}, 'lobby', 0, null, null, null), (${room}, 'room', 1000, 'public', null, null),
    (${direct}, 'direct', 0, null, ${owner}, ${member}), (${group}, 'group', 0, null, null, null);
  insert into conversation_heads (conversation_id, seq, rev) select id, 1, 1 from conversations;
  insert into memberships (conversation_id, user_id, role, state)
    select c.id, u.id, case u.id when ${owner} then 'owner' else 'member' end, 'joined' from conversations c, users u where c.kind <> 'lobby';
  insert into message_keys select c.id, ${message}, 1, ${owner}, false, now() from conversations c;
  insert into messages (conversation_id, seq, id, author_id, rev, body, created_at, reply_seq)
    select c.id, 1, ${message}, ${owner}, 1, 'hello', now(), 1 from conversations c;
  insert into message_edits select c.id, 1, 1, ${owner}, 'helo', now() from conversations c;
  insert into reactions select c.id, 1, ${member}, '🎉', true, 1 from conversations c;
  insert into room_invites (id, conversation_id, token_hash, created_by, created_at) values (${room}, ${room}, '\\x00', ${owner}, now());
  insert into preview_jobs (conversation_id, seq, message_id, author_id, url, said) values (${room}, 1, ${message}, ${owner}, '', '');
  insert into friendships (user_id, other_id, state, at, feed_rev) values
    (${owner}, ${member}, 'friend', now(), 1), (${member}, ${owner}, 'friend', now(), 1);
  insert into message_mentions (conversation_id, seq, author_id, keys) values
    (${room}, 1, ${owner}, '{x}'), (${group}, 1, ${owner}, null);
  insert into recovery_codes (code_hash, user_id) values ('\\x00', ${owner});
  update users set last_seen_at = now() - interval '1 year' where kind = 'guest';
`;

/** Values to call an argument with: the first that fits of `function.name`, `name` and the type. */
const values: Readonly<Record<string, readonly string[]>> = {
  'search_v1.p_to': ['9000', '900000'],
  'search_v1.p_from': ['1'],
  'session_begin_v1.p_hash': ['null'],
  'session_begin_v1.p_session': [id(9)],
  p_hash: [`encode(sha256('hello'), 'hex')`],
  'recovery_use_v1.p_hash': [`'hash'`],
  'recovery_use_v2.p_hash': [`'hash'`],
  'invite_create_v1.p_hash': [`'\\x01'`],
  p_rev: ['0', '1', '9'],
  p_edit_id: [id(9)],
  'log_change_v3.p_kind': ["'edit'", "'delete'", "'react'", "'pin'", "'preview'"],
  'settings_change_v2.p_who': ["'anyone'"],
  'block_change_v1.p_level': ["'blocked'", "'none'"],
  'block_write_v1.p_level': ["'blocked'"],
  'friend_write_v1.p_state': [`'friend'`],
  'drafts_v1.p_drafts': [`json_build_array(json_build_object('c', ${room}, 'u', ${owner}, 'body', 'hm'))`],
  'read_marks_v3.p_marks': [`json_build_array(json_build_object('c', ${room}, 'u', ${owner}, 'seq', 1))`],
  'room_create_v1.p_room': [`'{"title": "New", "visibility": "public", "isAnnouncement": false}'::json`],
  p_change: [`'{"title": "Other", "slowModeMs": 2000, "topic": null}'::jsonb`],
  'search_write_v2.p_batch': [
    `json_build_array(json_build_object('c', ${room}, 'f', 0, 't', 1, 'gone', '[1]'::json, 'links', '[]'::json,
      'rows', json_build_array(json_build_object('s', 1, 'at', now(), 'k', '[1]'::json))))`,
  ],
  p_sends: [
    'null::json',
    `json_build_array(json_build_object('i', 0, 'c', ${room}, 'u', ${owner}, 'id', ${owner}, 'body', 'hi', 'r', ${message}))`,
  ],
  p_changes: [
    'null::json',
    `json_build_array(json_build_object('i', 0, 'k', 'edit', 'c', ${room}, 'u', ${owner}, 'id', ${message}, 'body', 'ho', 'e', ${owner}))`,
  ],
  p_mentions: [`'x'`, 'null::text'],
  p_rows: [`json_build_array(json_build_object('s', 1, 'u', ${owner}, 'm', 'x'))`],
  p_preview: [`'{}'::json`],
  p_conversation: [room, group, direct, lobby],
  p_conversations: [`array[${room}, ${group}]`],
  p_locked: [`array[${room}]`],
  p_user: [owner, member],
  p_one: [owner],
  p_actor: [owner, 'null::uuid'],
  p_author: [owner],
  p_other: [member],
  p_users: [`array[${member}]`],
  p_id: [message, id(8)],
  p_session: [owner],
  p_verb: [
    ...['join', 'leave', 'add', 'invite', 'remove', 'ban', 'unban', 'mute', 'unmute', 'appoint', 'hand_over'],
    ...['request', 'accept', 'decline', 'withdraw'],
  ].map((verb) => `'${verb}'`),
  p_role: [`'moderator'`],
  p_state: [`'joined'`, `'invited'`],
  p_emoji: [`'🎉'`, `'🌷'`],
  p_name: [`'Momo'`],
  p_slugs: [`array['one', 'two']`],
  p_notices: [`'none'`],
  uuid: [id(9)],
  'uuid[]': [`array[${room}]`],
  text: [`'x'`],
  'text[]': [`array['x', 'y']`],
  integer: ['5'],
  'integer[]': ['array[1]'],
  bigint: ['1'],
  'bigint[]': ['array[1::bigint]'],
  boolean: ['true', 'false'],
  json: [`'{}'::json`],
  jsonb: [`'{}'::jsonb`],
  bytea: [`'\\x00'`],
  'timestamp with time zone': ['now()'],
  conversations: [`(select c from conversations c where c.id = ${room})`],
  memberships: [`(select m from memberships m where m.user_id = ${owner} and m.conversation_id = ${room})`],
  users: [`(select u from users u where u.id = ${owner})`],
  messages: [`(select m from messages m where m.conversation_id = ${room})`],
  room_invites: ['(select i from room_invites i)'],
  blocks: ['null::blocks'],
  log_verdict_v1: [`(0, 'refused', null, null, 1, null, null, null, null, null, null, null)::log_verdict_v1`],
};

interface Argument {
  function: string;
  name: string;
  type: string;
}

async function argumentsOf(name: string): Promise<Argument[]> {
  const { rows } = await client.query<Argument>(
    `select p.proname as function, a.name, format_type(p.proargtypes[a.n::integer - 1], null) as type
     from pg_proc p, unnest(p.proargnames) with ordinality as a(name, n)
     where p.proname = $1 and p.pronamespace = current_schema()::regnamespace and a.n <= p.pronargs order by a.n`,
    [name],
  );
  return rows;
}

function valuesOf({ function: name, name: argument, type }: Argument): readonly string[] {
  const isComposite =
    /^[a-z_0-9]+$/.test(type) &&
    !['uuid', 'text', 'integer', 'bigint', 'boolean', 'json', 'jsonb', 'bytea'].includes(type);
  const found = values[`${name}.${argument}`] ?? (isComposite ? undefined : values[argument]) ?? values[type];
  if (!found) throw new Error(`${name} has an argument ${argument} of type ${type}: say above what it is tried with`);
  return found;
}

/** More would be slow, and fewer would leave verbs out. */
const maxCalls = 2_000;

/** Every value of every argument with every other one. */
function callsOf(name: string, all: readonly Argument[]): string[] {
  const choices = all.map(valuesOf);
  const count = choices.reduce((product, each) => product * each.length, 1);
  if (count > maxCalls) throw new Error(`${name} would be called ${count} times: give its arguments fewer values`);
  return Array.from({ length: count }, (_, call) => {
    let rest = call;
    const chosen = choices.map((each) => {
      const value = each[rest % each.length]!;
      rest = Math.floor(rest / each.length);
      return value;
    });
    return `select * from ${name}(${chosen.join(', ')})`;
  });
}

/** SQLSTATEs of expected refusals: a constraint, or the verb of another function. Any other means a wrong name or type. */
const refusals = /^(23|20000|22|P0)/;

beforeAll(async () => {
  client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(`set lock_timeout = '1s'`);
  await client.query(world);
});
afterAll(() => client.end());

test.each(schema.functions.map(({ name }) => name))('%s runs', async (name) => {
  const calls = callsOf(name, await argumentsOf(name));
  let answered = 0;
  for (const call of calls) {
    await client.query('begin');
    try {
      await client.query(call);
      answered++;
    } catch (error) {
      const { code = '', message: said } = error as { code?: string; message: string };
      if (!refusals.test(code)) throw new Error(`${call}: ${code} ${said}`, { cause: error });
    } finally {
      await client.query('rollback');
    }
  }
  expect(answered).toBeGreaterThan(0);
});

/** Functions that only the release before calls: their files go with the next one. */
const ofReleaseBefore = new Set(['recovery_use_v1', 'user_register_v1']);

test('every function and view is reached from the code of the product', () => {
  const libs = join(__dirname, '../..');
  const product = readdirSync(libs, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.ts') && !/\.spec\.ts$|\/testing\/|\/migrations\/|schema\.ts$|row-shapes\.ts$/.test(path),
    )
    .map((path) => readFileSync(join(libs, path), 'utf8').replaceAll(/^\s*(\/\*\*|\*|\/\/).*$/gm, ''))
    .join('\n');
  // What only the release before calls says so in its head.
  const files = [...schema.functions, ...schema.views].filter(
    ({ text }) => !text.includes('Called by the release before'),
  );
  const isNamed = (name: string, text: string) => new RegExp(`\\b${name}\\b`).test(text);
  const reached = new Set(files.filter(({ name }) => ofReleaseBefore.has(name) || isNamed(name, product)));
  for (const { text } of reached) {
    const body = text.replaceAll(/--.*/g, '');
    for (const file of files) if (isNamed(file.name, body)) reached.add(file);
  }
  expect(files.filter((file) => !reached.has(file)).map(({ name }) => name)).toEqual([]);
});
