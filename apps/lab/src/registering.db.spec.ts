import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiProcess, startApiProcess } from '@cloudhop/api/platform/testing';
import { testDatabase } from '@cloudhop/api/database/testing';
import {
  type Client,
  type ClientOptions,
  type ClientSocket,
  type Locks,
  MemoryStorage,
  type Notice,
  type RestApi,
  createClient,
  socketIoConnect,
} from '@cloudhop/sdk';
import { CookieJar, restApi } from './chaos/rest-api';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'cloudhop-registering-'));
let server: ApiProcess;
/** Its overlap is over at once. */
let impatient: ApiProcess;
/** Its access tokens end at once. */
let hasty: ApiProcess;
let count = 0;
const anAccount = () => ({ username: `momo_${++count}`, password: 'correct horse battery' });

beforeAll(async () => {
  const start = (name: string, limits: object) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify({ guestsPerMinute: 1_000, signInsPerMinute: 1_000, ...limits }));
    return startApiProcess({ databaseUrl: database.url, env: { LIMITS_FILE: file } });
  };
  server = await start('patient', {});
  impatient = await start('impatient', { refreshOverlapMs: 200, tokenGraceMs: 100 });
  hasty = await start('hasty', { accessTokenMs: 3_000, tokenGraceMs: 100 });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tabs: Tab[] = [];
afterEach(() => Promise.all(tabs.splice(0).map(({ client }) => client.stop())));

/** State that the tabs of one browser share. */
class Browser {
  jar = new CookieJar();
  readonly storage = new MemoryStorage();
  readonly locks: Locks | undefined;
  readonly keepsCookies: boolean;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly at: ApiProcess,
    { hasLocks = true, keepsCookies = true } = {},
  ) {
    this.keepsCookies = keepsCookies;
    if (!keepsCookies) this.jar.take = () => undefined;
    // One lock is enough here: of the session.
    this.locks = hasLocks
      ? {
          request: (name, _options, work) =>
            name === 'session'
              ? (this.#last = this.#last.then(work).catch(() => undefined)).then(() => undefined)
              : work(),
        }
      : undefined;
  }
}

/** A tab with the real client. Its network can go, and lose answers that are on their way. */
class Tab {
  readonly client: Client;
  readonly notices: Notice[] = [];
  readonly sockets: ClientSocket[] = [];
  refreshes = 0;
  isOffline = false;
  loses: string | undefined;
  /** The network goes with the answer. */
  isNearTunnel = false;

  constructor(browser: Browser) {
    const { at, storage, locks, keepsCookies } = browser;
    const api: RestApi = {
      call: async (name, input, token) => {
        if (this.isOffline) return { ok: false };
        // An answer that is lost takes its cookie along.
        const isLost = name === this.loses;
        const outcome = await restApi(at.url, browser.jar, () => isLost).call(name, input, token);
        if (name === 'auth.refresh' && outcome.ok) this.refreshes++;
        if (isLost) this.loses = undefined;
        if (isLost && this.isNearTunnel) this.goOffline();
        return outcome;
      },
    };
    const connect = socketIoConnect(at.url);
    const options: ClientOptions = {
      api,
      storage,
      keepsCookies,
      ...(locks && { locks }),
      connect: (auth, listener) => {
        const opened = connect(auth, listener);
        // Nothing waits for an answer after its test.
        const socket: ClientSocket = { ...opened, request: (name, payload) => opened.request(name, payload, 1_000) };
        if (this.isOffline) setTimeout(() => (socket.close(), listener.failed(undefined)), 5);
        this.sockets.push(socket);
        return socket;
      },
      timer: {
        now: () => Date.now(),
        after: (ms, work) => {
          const timer = setTimeout(work, ms).unref();
          return () => clearTimeout(timer);
        },
      },
      random: () => 0.01,
    };
    this.client = createClient(options);
    this.client.onNotice((notice) => this.notices.push(notice));
    tabs.push(this);
  }

  static async open(browser: Browser): Promise<Tab> {
    const tab = new Tab(browser);
    await tab.client.start();
    await until(() => tab.isLive);
    return tab;
  }

  get isLive(): boolean {
    return this.client.view.connection.phase === 'live';
  }

  get isMember(): boolean {
    return this.client.view.me?.kind === 'member';
  }

  goOffline(): void {
    this.isOffline = true;
    for (const socket of this.sockets) socket.close();
  }

  /** Says something, and waits until it is stored. */
  async says(body: string): Promise<void> {
    this.client.send(this.client.view.lobbyId!, body);
    await this.hasSaid(body);
  }

  hasSaid(body: string): Promise<void> {
    return until(() =>
      this.client
        .timeline(this.client.view.lobbyId!)!
        .entries.some(({ message, status, isMine }) => isMine && message.body === body && status === undefined),
    );
  }
}

async function until(condition: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('timed out');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}

/** A stranger who copied the browser's cookies. */
async function thief({ at, jar }: Browser): Promise<() => Promise<{ status: number; id?: string }>> {
  const cookie = jar.header;
  return async () => {
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(`${at.url}/api/auth/refresh`, { method: 'POST', headers, body: '{}' });
    const { user } = (await response.json()) as { user?: { id: string } };
    return { status: response.status, ...(user && { id: user.id }) };
  };
}

describe.each([
  ['with Web Locks', true],
  ['without Web Locks', false],
])('registering in one tab of two, %s', (_, hasLocks) => {
  it('I9: keeps both signed in, with their sockets and what they have to say; the stolen cookie is worth nothing then', async () => {
    const browser = new Browser(server, { hasLocks });
    const [one, two] = [await Tab.open(browser), await Tab.open(browser)];
    const id = one.client.view.me!.id;
    const steal = await thief(browser);
    await Promise.all([one.client.register(anAccount()), two.says('meanwhile')]);
    await until(() => one.isMember && two.isMember);
    await Promise.all([one.says('as a member'), two.says('as a member too')]);
    // The other tab refreshed when it heard of it; from its next refresh on, at the latest, the old family has ended.
    await fetch(`${server.url}/api/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: browser.jar.header },
      body: '{}',
    });
    expect(await steal()).toEqual({ status: 401 });
    await Promise.all([one.says('still here'), two.says('here too')]);
    for (const { client, notices, sockets } of [one, two])
      expect([client.view.me!.id, notices, sockets.length]).toEqual([id, [], 1]);
  });
});

it('I9: a lost answer to register is found by itself, and asking again gives it', async () => {
  const browser = new Browser(server);
  const tab = await Tab.open(browser);
  const id = tab.client.view.me!.id;
  const account = anAccount();
  tab.loses = 'auth.register';
  await expect(tab.client.register(account)).rejects.toMatchObject({ body: { code: 'unavailable' } });
  await until(() => tab.isMember);
  await tab.client.register(account);
  await tab.says('as a member');
  // A new page of the same browser is the member too.
  await tab.client.stop();
  const next = await Tab.open(browser);
  await until(() => next.isMember);
  expect([next.client.view.me!.id, tab.notices, next.notices]).toEqual([id, [], []]);
});

it('I9: an answer that stays lost for longer than the overlap costs a log-in, and nothing of what was to be said', async () => {
  const browser = new Browser(impatient);
  const tab = await Tab.open(browser);
  const id = tab.client.view.me!.id;
  const account = anAccount();
  const steal = await thief(browser);
  tab.loses = 'auth.register';
  tab.isNearTunnel = true;
  await expect(tab.client.register(account)).rejects.toMatchObject({ body: { code: 'unavailable' } });
  tab.client.send(tab.client.view.lobbyId!, 'said in the tunnel');
  await until(async () => (await steal()).status === 401);
  await tab.client.stop();
  const next = new Tab(browser);
  await next.client.start();
  await until(() => next.client.view.connection.fatal?.code === 'session_ended');
  expect(next.client.view.me).toBeUndefined();
  await next.client.logIn(account);
  await until(() => next.isLive);
  await next.hasSaid('said in the tunnel');
  expect(next.client.view.me!.id).toBe(id);
}, 20_000);

describe('R7: a browser that keeps no cookies', () => {
  it('goes on beyond the life of an access token, also when an answer is lost, and as a member', async () => {
    const browser = new Browser(hasty, { keepsCookies: false });
    const tab = await Tab.open(browser);
    const id = tab.client.view.me!.id;
    await until(() => tab.refreshes >= 2, 15_000);
    tab.loses = 'auth.refresh';
    await until(() => tab.loses === undefined && tab.refreshes >= 4, 15_000);
    await tab.says('as a guest');
    const account = anAccount();
    tab.loses = 'auth.register';
    await expect(tab.client.register(account)).rejects.toMatchObject({ body: { code: 'unavailable' } });
    await until(() => tab.isMember);
    const { refreshes } = tab;
    await until(() => tab.refreshes >= refreshes + 3, 15_000);
    await tab.says('as a member');
    expect([tab.client.view.me!.id, tab.notices, browser.jar.header]).toEqual([id, [], '']);
    await tab.client.logOut();
    await tab.client.logIn(account);
    await until(() => tab.isLive);
    expect(tab.client.view.me!.id).toBe(id);
  }, 60_000);
});
