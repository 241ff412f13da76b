import type { DomainError } from '@cloudhop/api/platform';
import { testDatabase } from '@cloudhop/api/database/testing';
import * as fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { v7 as uuidV7 } from 'uuid';
import { GuestSweepService } from './guest-sweep.service';
import { SessionsRepository } from './sessions.repository';
import { type Grant, SessionsService } from './sessions.service';
import { type AuthNode, startAuthNode } from './testing/auth-node';
import { age, sessionOf, times } from './testing/past-sessions';
import { UsersRepository } from './users.repository';
import { UsersService } from './users.service';

const database = testDatabase();
let node: AuthNode;
let other: AuthNode;
let sessions: SessionsService;

beforeAll(async () => {
  [node, other] = await Promise.all([startAuthNode(database.url), startAuthNode(database.url)]);
  sessions = node.module.get(SessionsService);
});
afterAll(() => Promise.all([node.close(), other.close()]));
beforeEach(() => node.frames.splice(0));

const newGuest = () => sessions.enter([], undefined);
const sessionRow = async (grant: Grant) =>
  (
    await database.query<{ end_reason: string | null }>('select end_reason from sessions where id = $1', [
      sessionOf(grant),
    ])
  )[0]!;

describe('renaming', () => {
  it('counts the profile and the personal feed, and tells it', async () => {
    const { user } = (await newGuest()).session;
    const renamed = await node.module.get(UsersService).changeProfile({ userId: user.id }, { displayName: '小桃' });
    expect(renamed).toEqual({ ...user, displayName: '小桃', profileRev: 2 });
    expect(node.frames).toEqual([
      {
        feed: `personal:${user.id}`,
        fromRev: 0,
        toRev: 1,
        users: [renamed],
        changes: [{ kind: 'user', rev: 1, user: renamed }],
      },
    ]);
  });

  it('to the name that is there already writes nothing, also twenty times at once', async () => {
    const { user } = (await newGuest()).session;
    const answers = await times(20, (i) =>
      (i % 2 ? node : other).module.get(UsersService).changeProfile({ userId: user.id }, { displayName: '小桃' }),
    );
    expect(new Set(answers.map((answer) => answer.profileRev))).toEqual(new Set([2]));
    expect(await database.query('select rev::int from personal_heads where user_id = $1', [user.id])).toEqual([
      { rev: 1 },
    ]);
  });

  it('is a guest’s five times, and a member’s twice a day, with former names on the profile', async () => {
    const users = node.module.get(UsersService);
    const rename = (userId: string, displayName: string) => users.changeProfile({ userId }, { displayName });
    const { user } = (await newGuest()).session;
    for (const name of ['一', '二', '三', '四', '五']) await rename(user.id, name);
    const refused = { code: 'renamed_too_often' };
    await expect(rename(user.id, '六')).rejects.toMatchObject(refused);
    // The same name or another colour is no rename.
    await expect(rename(user.id, '五')).resolves.toMatchObject({ displayName: '五' });
    await expect(users.changeProfile({ userId: user.id }, { color: 'mint' })).resolves.toMatchObject({ color: 'mint' });
    expect((await users.history(user.id)).formerNames).toEqual([]);

    await database.query(`update users set kind = 'member' where id = $1`, [user.id]);
    await database.query(`update former_names set until = until - interval '2 days' where user_id = $1`, [user.id]);
    await rename(user.id, '六');
    await rename(user.id, '七');
    await expect(rename(user.id, '八')).rejects.toMatchObject({ ...refused, retryAfterMs: expect.any(Number) });
    const { formerNames } = await users.history(user.id);
    expect(formerNames.map(({ name }) => name).slice(0, 2)).toEqual(['六', '五']);
  });

  it('is possible again exactly when a member is told, also for who used many names as a guest', async () => {
    const users = node.module.get(UsersService);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 23 }), { minLength: 2, maxLength: 7 }),
        async (hours) => {
          const { user } = (await newGuest()).session;
          await database.query(`update users set kind = 'member' where id = $1`, [user.id]);
          await database.query(
            `insert into former_names (user_id, until, name) select $1, now() - h * interval '1 hour', '舊' from unnest($2::integer[]) as h`,
            [user.id, hours],
          );
          const rename = () => users.changeProfile({ userId: user.id }, { displayName: '新' });
          const age = (ms: number) =>
            database.query(`update former_names set until = until - $2 * interval '1 millisecond' where user_id = $1`, [
              user.id,
              ms,
            ]);
          const refusal = await rename().catch((error: unknown) => error as DomainError);
          const { retryAfterMs } = refusal as DomainError;
          const marginMs = 60_000;
          await age(retryAfterMs! - marginMs);
          await expect(rename()).rejects.toMatchObject({ code: 'renamed_too_often' });
          await age(marginMs);
          await expect(rename()).resolves.toMatchObject({ displayName: '新' });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('to a reserved name is refused with the field', async () => {
    const { user } = (await newGuest()).session;
    const refusal = { code: 'invalid_text', fields: { displayName: 'must not be a reserved name' } };
    await expect(
      node.module.get(UsersService).changeProfile({ userId: user.id }, { displayName: 'Ａdmin' }),
    ).rejects.toMatchObject(refusal);
    await expect(sessions.enter([], '管理員')).rejects.toMatchObject(refusal);
  });
});

describe('recovery codes', () => {
  const codesOf = (userId: string) =>
    database.query<{ code_hash: Buffer }>('select code_hash from recovery_codes where user_id = $1', [userId]);

  it('that are made twice at once are one set', async () => {
    const { user } = (await newGuest()).session;
    const repository = node.module.get(UsersRepository);
    const make = () => repository.replaceRecoveryCodes(user.id, null, [randomBytes(32), randomBytes(32)]);
    await Promise.all(Array.from({ length: 4 }, make));
    expect(await codesOf(user.id)).toHaveLength(2);
  });

  it('that a guest asked for are not made for the member whom the guest has become', async () => {
    const { user } = (await newGuest()).session;
    await database.query(
      "update users set kind = 'member', username = 'momo_li', username_key = 'momo_li', password_hash = 'x', tag = null where id = $1",
      [user.id],
    );
    const making = node.module.get(UsersRepository).replaceRecoveryCodes(user.id, null, [randomBytes(32)]);
    await expect(making).rejects.toMatchObject({ code: 'session_ended' });
    expect(await codesOf(user.id)).toEqual([]);
  });
});

describe('guests who were not seen for thirty days', () => {
  it('are forgotten: no name, no tag, no session, but still a user', async () => {
    await node.module.get(GuestSweepService).run();
    const [gone, logged, alive] = [await sessions.enter([], '舊人'), await newGuest(), await newGuest()];
    await age(database, gone, '31 days');
    await sessions.logOut([logged.refreshToken]);
    await age(database, logged, '31 days');
    expect(await node.module.get(GuestSweepService).run()).toBe(2);
    expect(await node.module.get(GuestSweepService).run()).toBe(0);

    const users = await node.module.get(UsersService).find([gone, logged, alive].map((grant) => grant.session.user.id));
    expect(users.find((user) => user.id === gone.session.user.id)).toEqual({
      id: gone.session.user.id,
      kind: 'guest',
      displayName: 'Guest',
      profileRev: 2,
      isGone: true,
    });
    expect(users.find((user) => user.id === alive.session.user.id)).toEqual(alive.session.user);
    expect(await sessionRow(gone)).toMatchObject({ end_reason: 'expired' });
    expect(await sessionRow(logged)).toMatchObject({ end_reason: 'logged_out' });
    await expect(sessions.refresh([gone.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
    await expect(
      node.module.get(UsersService).changeProfile({ userId: gone.session.user.id }, { displayName: 'x' }),
    ).rejects.toMatchObject({
      code: 'session_ended',
    });
    // The tag is free again.
    const repository = node.module.get(SessionsRepository);
    const tag = gone.session.user.tag!;
    expect(
      await repository.createGuest({
        userId: uuidV7(),
        sessionId: uuidV7(),
        tag,
        displayName: undefined,
        addressKey: undefined,
        label: '',
        sessionMs: 1_000,
      }),
    ).toBeDefined();
  });

  it('are never forgotten while a session of theirs lives', async () => {
    const guest = await newGuest();
    await database.query("update users set last_seen_at = now() - interval '90 days' where id = $1", [
      guest.session.user.id,
    ]);
    await node.module.get(GuestSweepService).run();
    expect((await sessions.refresh([guest.refreshToken])).session.user).toEqual(guest.session.user);
  });

  it('are forgotten though one of them can not be', async () => {
    const [stuck, other] = [await newGuest(), await newGuest()];
    for (const [guest, days] of [
      [stuck, '60 days'],
      [other, '40 days'],
    ] as const)
      await age(database, guest, days);
    await database.query(`
      create function refuse_update() returns trigger language plpgsql as $$ begin raise 'stuck'; end $$;
      create trigger stuck before update on users for each row
        when (old.id = '${stuck.session.user.id}') execute function refuse_update();
    `);
    expect(await node.module.get(GuestSweepService).run()).toBe(1);
    const [gone] = await node.module.get(UsersService).find([other.session.user.id]);
    expect(gone).toMatchObject({ isGone: true });
    await database.query('drop trigger stuck on users; drop function refuse_update');
    expect(await node.module.get(GuestSweepService).run()).toBe(1);
  });

  it('are forgotten once each, with several nodes at it', async () => {
    await database.query(
      `insert into users (id, kind, tag, last_seen_at)
       select gen_random_uuid(), 'guest', lpad(to_hex(i), 6, '0'), now() - interval '40 days' from generate_series(1, 350) i`,
    );
    const counts = await Promise.all(
      [node, other, node, other].map(({ module }) => module.get(GuestSweepService).run()),
    );
    const rest = await node.module.get(GuestSweepService).run();
    expect([...counts, rest].reduce((a, b) => a + b)).toBe(350);
    expect(
      await database.query(
        "select id from users where last_seen_at < now() - interval '30 days' and tag is not null and anonymised_at is null and not exists (select from sessions s where s.user_id = users.id and s.expires_at > now())",
      ),
    ).toEqual([]);
  });
});
