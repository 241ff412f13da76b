import { testDatabase } from '@cloudhop/api/database/testing';
import { v7 as uuidV7 } from 'uuid';
import { decideRefresh } from './refresh-rule';
import { SessionsRepository } from './sessions.repository';
import { type Grant, SessionsService } from './sessions.service';
import { type AuthNode, startAuthNode } from './testing/auth-node';
import { age, sessionOf, times } from './testing/past-sessions';

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

const numberOf = (grant: Grant) => Number(grant.refreshToken.split('.')[1]);
const newGuest = () => sessions.enter([], undefined);

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
      (i % 2 ? sessions : other.module.get(SessionsService)).enter([first.refreshToken], undefined),
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
        addressKey: undefined,
        label: '',
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
      (i % 2 ? sessions : other.module.get(SessionsService)).refresh([first.refreshToken]),
    );
    expect(new Set(answers.map((grant) => grant.refreshToken)).size).toBe(1);
    expect(numberOf(answers[0]!)).toBe(2);
    expect(await sessionRow(first)).toMatchObject({ presented: 1, uses: 1, end_reason: null });
  });

  it('I9: a lost answer is given again, days later too', async () => {
    const first = await newGuest();
    const lost = await sessions.refresh([first.refreshToken]);
    await age(database, first, '20 days');
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
    await age(database, first, '61 seconds');
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
    await age(database, first, '61 seconds');
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
    await age(database, first, '29 days');
    expect((await sessionRow(first)).days).toBeCloseTo(1, 2);
    await sessions.refresh([second.refreshToken]);
    expect((await sessionRow(first)).days).toBeCloseTo(30, 2);
    expect(await seen()).toBeGreaterThanOrEqual(before);
  });

  it('ends with the session', async () => {
    const first = await newGuest();
    await age(database, first, '31 days');
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
      (i % 2 ? sessions : other.module.get(SessionsService)).logOut([(i % 3 ? first : second).refreshToken]),
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
