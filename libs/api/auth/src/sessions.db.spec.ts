import { testDatabase } from '@cloudhop/api/core/testing';
import { v7 as uuidV7 } from 'uuid';
import { GuestSweep } from './guest-sweep.service';
import { decideRefresh } from './refresh-rule';
import { SessionsRepository } from './sessions.repository';
import { type Grant, Sessions } from './sessions.service';
import { type AuthNode, startAuthNode } from './testing/auth-node';
import { Users } from './users.service';

const database = testDatabase();
let node: AuthNode;
let other: AuthNode;
let sessions: Sessions;

beforeAll(async () => {
  [node, other] = await Promise.all([startAuthNode(database.url), startAuthNode(database.url)]);
  sessions = node.module.get(Sessions);
});
afterAll(() => Promise.all([node.close(), other.close()]));
beforeEach(() => node.frames.splice(0));

const times = <T>(count: number, work: (i: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, i) => work(i)));
const numberOf = (grant: Grant) => Number(grant.refreshToken.split('.')[1]);
const sessionOf = (grant: Grant) => grant.refreshToken.split('.')[0]!;
const newGuest = () => sessions.enter([], undefined);

/** Moves everything that happened in a session into the past. */
async function age(grant: Grant, by: string): Promise<void> {
  await database.query(
    `update sessions set presentations = array(select p.at - $2::interval from unnest(presentations) with ordinality as p(at, i) order by p.i),
       last_used_at = last_used_at - $2::interval, expires_at = expires_at - $2::interval where id = $1`,
    [sessionOf(grant), by],
  );
  await database.query('update users set last_seen_at = last_seen_at - $2::interval where id = $1', [
    grant.session.user.id,
    by,
  ]);
}

const sessionRow = async (grant: Grant) =>
  (
    await database.query<{ presented: number; end_reason: string | null; uses: number; days: number }>(
      `select presented, end_reason, cardinality(presentations) as uses,
       (extract(epoch from expires_at - clock_timestamp()) / 86400)::float8 as days from sessions where id = $1`,
      [sessionOf(grant)],
    )
  )[0]!;

describe('a guest', () => {
  it('is a real user with a tag, a session and a personal feed', async () => {
    const grant = await sessions.enter([], '小桃');
    const { user } = grant.session;
    expect(grant).toMatchObject({
      isNew: true,
      session: { user: { kind: 'guest', displayName: '小桃', profileRev: 1 } },
    });
    expect(user.tag).toMatch(/^[0-9a-f]{6}$/);
    expect(await database.query('select rev from personal_heads where user_id = $1', [user.id])).toHaveLength(1);
    expect((await sessionRow(grant)).days).toBeCloseTo(30, 2);
  });

  it('without a name is called by the tag', async () => {
    const { user } = (await newGuest()).session;
    expect(user.displayName).toBe(`Guest ${user.tag}`);
  });

  it('fifty at once without a cookie are fifty', async () => {
    const grants = await times(50, newGuest);
    expect(new Set(grants.map((grant) => grant.session.user.id)).size).toBe(50);
    expect(new Set(grants.map((grant) => grant.session.user.tag)).size).toBe(50);
  });

  it('I9: with a cookie stays who it is, however often and on whichever node', async () => {
    const first = await newGuest();
    const again = await times(20, (i) =>
      (i % 2 ? sessions : other.module.get(Sessions)).enter([first.refreshToken], undefined),
    );
    expect(new Set(again.map((grant) => grant.session.user.id))).toEqual(new Set([first.session.user.id]));
    expect(again.every((grant) => !grant.isNew)).toBe(true);
  });

  it('finds its cookie among those that others planted', async () => {
    const victim = await newGuest();
    const forged = victim.refreshToken.replace(/\.1\./, '.9.');
    expect((await sessions.enter(['', 'x.1.y', forged, victim.refreshToken], undefined)).session.user.id).toBe(
      victim.session.user.id,
    );
  });

  it('takes a name that comes with a cookie, once', async () => {
    const first = await newGuest();
    const named = await sessions.enter([first.refreshToken], '櫻');
    const again = await sessions.enter([first.refreshToken], '櫻');
    expect(named.session.user).toMatchObject({ id: first.session.user.id, displayName: '櫻', profileRev: 2 });
    expect(again.session.user).toEqual(named.session.user);
  });

  it('never shares a tag with another that lives', async () => {
    const repository = node.module.get(SessionsRepository);
    const made = await times(30, () =>
      repository.createGuest({
        userId: uuidV7(),
        sessionId: uuidV7(),
        tag: 'abcdef',
        displayName: undefined,
        sessionMs: 1_000,
      }),
    );
    expect(made.filter((row) => row !== undefined)).toHaveLength(1);
    expect(await database.query("select id from users where tag = 'abcdef'")).toHaveLength(1);
  });
});

describe('refreshing', () => {
  it('I9: twenty presentations of one token at once, on two nodes, have one successor', async () => {
    const first = await newGuest();
    const answers = await times(20, (i) =>
      (i % 2 ? sessions : other.module.get(Sessions)).refresh([first.refreshToken]),
    );
    expect(new Set(answers.map((grant) => grant.refreshToken)).size).toBe(1);
    expect(numberOf(answers[0]!)).toBe(2);
    expect(await sessionRow(first)).toMatchObject({ presented: 1, uses: 1, end_reason: null });
  });

  it('I9: a lost answer is given again, days later too', async () => {
    const first = await newGuest();
    const lost = await sessions.refresh([first.refreshToken]);
    await age(first, '20 days');
    expect((await sessions.refresh([first.refreshToken])).refreshToken).toBe(lost.refreshToken);
  });

  it('I9: two tabs of which one is behind both go on', async () => {
    const first = await newGuest();
    const ahead = await sessions.refresh([(await sessions.refresh([first.refreshToken])).refreshToken]);
    expect((await sessions.refresh([first.refreshToken])).refreshToken).toBe(ahead.refreshToken);
    expect((await sessions.refresh([ahead.refreshToken])).session.user.id).toBe(first.session.user.id);
  });

  it('two tabs that refresh at the same moment with different tokens both go on', async () => {
    const first = await newGuest();
    const second = await sessions.refresh([first.refreshToken]);
    const answers = await times(20, (i) => sessions.refresh([(i % 2 ? first : second).refreshToken]));
    expect(Math.max(...answers.map(numberOf))).toBe(3);
    expect((await sessionRow(first)).end_reason).toBeNull();
  });

  it('I9: a request that was slow never sets the family back', async () => {
    const repository = node.module.get(SessionsRepository);
    const first = await newGuest();
    const slow = decideRefresh((await repository.findRefreshable(sessionOf(first)))!, 1, 0, { overlapMs: 1, uses: 1 });
    const current = await sessions.refresh([(await sessions.refresh([first.refreshToken])).refreshToken]);
    if (slow.kind !== 'advance') throw new Error('expected an advance');
    expect(await repository.advance(sessionOf(first), 0, slow.state, 1_000)).toBe(false);
    expect((await sessions.refresh([first.refreshToken])).refreshToken).toBe(current.refreshToken);
  });

  it('takes a token that is used after its successor for stolen, and ends the family once', async () => {
    const first = await newGuest();
    const second = await sessions.refresh([first.refreshToken]);
    const third = await sessions.refresh([second.refreshToken]);
    await age(first, '61 seconds');
    const thieves = await Promise.allSettled([1, 2, 3].map(() => sessions.refresh([first.refreshToken])));
    expect(thieves.map((each) => each.status === 'rejected' && each.reason.code)).toEqual(
      Array(3).fill('session_ended'),
    );
    await expect(sessions.refresh([third.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
    expect(await sessionRow(first)).toMatchObject({ end_reason: 'reused' });
    const { id } = first.session.user;
    expect(node.frames).toEqual([
      {
        feed: `personal:${id}`,
        fromRev: 0,
        toRev: 1,
        users: [],
        changes: [{ kind: 'session', rev: 1, sessionId: sessionOf(first), state: 'ended' }],
      },
    ]);
  });

  it('at the door ends the family of a stolen token too, and lets its bearer in as somebody else', async () => {
    const first = await newGuest();
    await sessions.refresh([(await sessions.refresh([first.refreshToken])).refreshToken]);
    await age(first, '61 seconds');
    const next = await sessions.enter([first.refreshToken], undefined);
    expect(next.isNew).toBe(true);
    expect(next.session.user.id).not.toBe(first.session.user.id);
    expect(await sessionRow(first)).toMatchObject({ end_reason: 'reused' });
  });

  it('lets the session slide, and writes down that the guest was seen at most hourly', async () => {
    const first = await newGuest();
    const seen = async () =>
      (
        await database.query<{ at: Date }>('select last_seen_at as at from users where id = $1', [
          first.session.user.id,
        ])
      )[0]!.at.getTime();
    const before = await seen();
    const second = await sessions.refresh([first.refreshToken]);
    expect(await seen()).toBe(before);
    await age(first, '29 days');
    expect((await sessionRow(first)).days).toBeCloseTo(1, 2);
    await sessions.refresh([second.refreshToken]);
    expect((await sessionRow(first)).days).toBeCloseTo(30, 2);
    expect(await seen()).toBeGreaterThanOrEqual(before);
  });

  it('ends with the session', async () => {
    const first = await newGuest();
    await age(first, '31 days');
    await expect(sessions.refresh([first.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
    const next = await sessions.enter([first.refreshToken], undefined);
    expect(next).toMatchObject({ isNew: true });
    expect(next.session.user.id).not.toBe(first.session.user.id);
  });

  it('without a genuine token is refused', async () => {
    for (const cookies of [[], [''], ['nonsense'], [`${uuidV7()}.1.${'A'.repeat(43)}`]])
      await expect(sessions.refresh(cookies)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('logging out', () => {
  it('ends the session once, whatever token of it is left, and takes one personal rev', async () => {
    const first = await newGuest();
    const second = await sessions.refresh([first.refreshToken]);
    await times(10, (i) =>
      (i % 2 ? sessions : other.module.get(Sessions)).logOut([(i % 3 ? first : second).refreshToken]),
    );
    expect(await sessionRow(first)).toMatchObject({ end_reason: 'logged_out' });
    expect(
      await database.query('select rev::int from personal_heads where user_id = $1', [first.session.user.id]),
    ).toEqual([{ rev: 1 }]);
    await expect(sessions.refresh([second.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
  });

  it('without a cookie is nothing', async () => {
    await expect(sessions.logOut([])).resolves.toBeUndefined();
  });
});

describe('renaming', () => {
  it('counts the profile and the personal feed, and tells it', async () => {
    const { user } = (await newGuest()).session;
    const renamed = await node.module.get(Users).rename({ userId: user.id }, '小桃');
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
      (i % 2 ? node : other).module.get(Users).rename({ userId: user.id }, '小桃'),
    );
    expect(new Set(answers.map((answer) => answer.profileRev))).toEqual(new Set([2]));
    expect(await database.query('select rev::int from personal_heads where user_id = $1', [user.id])).toEqual([
      { rev: 1 },
    ]);
  });

  it('to a reserved name is refused with the field', async () => {
    const { user } = (await newGuest()).session;
    const refusal = { code: 'invalid_text', fields: { displayName: 'is a reserved name' } };
    await expect(node.module.get(Users).rename({ userId: user.id }, 'Ａdmin')).rejects.toMatchObject(refusal);
    await expect(sessions.enter([], '管理員')).rejects.toMatchObject(refusal);
  });
});

describe('guests who were not seen for thirty days', () => {
  it('are forgotten: no name, no tag, no session, but still a user', async () => {
    await node.module.get(GuestSweep).run();
    const [gone, logged, alive] = [await sessions.enter([], '舊人'), await newGuest(), await newGuest()];
    await age(gone, '31 days');
    await sessions.logOut([logged.refreshToken]);
    await age(logged, '31 days');
    expect(await node.module.get(GuestSweep).run()).toBe(2);
    expect(await node.module.get(GuestSweep).run()).toBe(0);

    const users = await node.module.get(Users).find([gone, logged, alive].map((grant) => grant.session.user.id));
    expect(users.find((user) => user.id === gone.session.user.id)).toEqual({
      id: gone.session.user.id,
      kind: 'guest',
      displayName: 'Guest',
      profileRev: 2,
    });
    expect(users.find((user) => user.id === alive.session.user.id)).toEqual(alive.session.user);
    expect(await sessionRow(gone)).toMatchObject({ end_reason: 'expired' });
    expect(await sessionRow(logged)).toMatchObject({ end_reason: 'logged_out' });
    await expect(sessions.refresh([gone.refreshToken])).rejects.toMatchObject({ code: 'session_ended' });
    await expect(node.module.get(Users).rename({ userId: gone.session.user.id }, 'x')).rejects.toMatchObject({
      code: 'session_ended',
    });
    // The tag is free for another.
    const repository = node.module.get(SessionsRepository);
    const tag = gone.session.user.tag!;
    expect(
      await repository.createGuest({
        userId: uuidV7(),
        sessionId: uuidV7(),
        tag,
        displayName: undefined,
        sessionMs: 1_000,
      }),
    ).toBeDefined();
  });

  it('are never forgotten while a session of theirs lives', async () => {
    const guest = await newGuest();
    await database.query("update users set last_seen_at = now() - interval '90 days' where id = $1", [
      guest.session.user.id,
    ]);
    await node.module.get(GuestSweep).run();
    expect((await sessions.refresh([guest.refreshToken])).session.user).toEqual(guest.session.user);
  });

  it('are forgotten in steps, by one node at a time', async () => {
    await database.query(
      `insert into users (id, kind, tag, last_seen_at)
       select gen_random_uuid(), 'guest', lpad(to_hex(i), 6, '0'), now() - interval '40 days' from generate_series(1, 350) i`,
    );
    const counts = await Promise.all([node, other, node, other].map(({ module }) => module.get(GuestSweep).run()));
    const rest = await node.module.get(GuestSweep).run();
    expect([...counts, rest].reduce((a, b) => a + b)).toBe(350);
    expect(
      await database.query(
        "select id from users where last_seen_at < now() - interval '30 days' and tag is not null and anonymised_at is null and not exists (select from sessions s where s.user_id = users.id and s.expires_at > now())",
      ),
    ).toEqual([]);
  });
});
