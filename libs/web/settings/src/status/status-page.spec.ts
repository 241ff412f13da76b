import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { ServerStatus } from '@cloudhop/contracts';
import type { HttpOutcome } from '@cloudhop/sdk';
import { Attention, ClientStore, Language, PageTitle } from '@cloudhop/web/state';
import { jest } from '@jest/globals';
import { TranslocoService } from '@jsverse/transloco';
import { EMPTY } from 'rxjs';
import { refreshMs } from './inject-server-status';
import { StatusPage } from './status-page';
import { StatusSource, type Ping } from './status-source';
import { StatusPageHarness } from './testing/status-page-harness';

const startedAt = '2026-01-01T08:00:00.000Z';

function aStatus(change: Partial<ServerStatus> = {}): ServerStatus {
  return {
    now: '2026-01-01T12:00:00.000Z',
    version: '1.2.3',
    node: { name: '1a2b', startedAt },
    nodes: [
      { name: '1a2b', startedAt, messagesPerMinute: 30, isThis: true },
      { name: '3c4d', startedAt, messagesPerMinute: 12 },
    ],
    people: { online: 17 },
    messagesPerMinute: 42,
    degraded: [],
    ...change,
  };
}

const limited = aStatus({
  people: { online: 9, isAtLeast: true },
  degraded: [
    { code: 'bus_interrupted', reason: 'read_only', sentence: 'Alone.' },
    { code: 'tomorrow' as 'draining', sentence: 'A newer server says this.' },
  ],
});

/** Texts that the dictionary doesn't have: keys are then answered as they are. */
const unknown = /tomorrow/;

/** Opens the page. Translations are their keys in brackets, with their parameters. */
async function aStatusPage(outcome: HttpOutcome<ServerStatus> | 'never', { phase = 'live', isVisible = true } = {}) {
  const connection = signal({ phase });
  const visible = signal(isVisible);
  let next: HttpOutcome<ServerStatus> | 'never' = outcome;
  let ping: Ping | undefined = { node: '3c4d', roundTripMs: 12.4 };
  const load = jest.fn(async () => (next === 'never' ? new Promise<never>(() => undefined) : next));
  const pinged = jest.fn(async () => ping);
  const date = { time: (iso: string) => `time ${iso}`, fullTime: (iso: string) => `full ${iso}` };
  const translate = (key: string, params?: object) =>
    unknown.test(key) ? key : `[${[key, ...Object.values(params ?? {})].join(' ')}]`;
  TestBed.configureTestingModule({
    providers: [
      { provide: ClientStore, useValue: { connection } },
      { provide: Attention, useValue: { isVisible: visible } },
      { provide: PageTitle, useValue: { showPlace: () => undefined } },
      {
        provide: Language,
        useValue: {
          dates: signal(date),
          numbers: signal(new Intl.NumberFormat('en')),
          lists: signal(new Intl.ListFormat('en')),
        },
      },
      { provide: StatusSource, useValue: { load, ping: pinged } },
      { provide: TranslocoService, useValue: { getActiveLang: () => 'en', langChanges$: EMPTY, translate } },
    ],
  });
  const fixture = TestBed.createComponent(StatusPage);
  const page = await TestbedHarnessEnvironment.harnessForFixture(fixture, StatusPageHarness);
  return {
    page,
    fixture,
    load,
    pinged,
    connection,
    visible,
    answer: (changed: HttpOutcome<ServerStatus>, changedPing = ping) => {
      next = changed;
      ping = changedPing;
    },
    /** Lets the time of one interval pass. */
    pass: async (ms = refreshMs) => {
      await jest.advanceTimersByTimeAsync(ms);
      await fixture.whenStable();
    },
  };
}

const ok = (data: ServerStatus) => ({ ok: true as const, data });

describe('StatusPage', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'performance', 'requestAnimationFrame'] }));
  afterEach(() => void jest.useRealTimers());

  it('shows that all is well, the figures, the servers, and where this browser is connected', async () => {
    const { page } = await aStatusPage(ok(aStatus()));
    expect(await page.sentence()).toBe('[status.well]');
    expect(await page.figure('[status.people]')).toBe('17');
    expect(await page.figure('[status.messages]')).toBe('42');
    expect(await page.figure('[status.browser.server]')).toBe('[status.server 3c4d]');
    expect(await page.figure('[status.browser.roundTrip]')).toBe('[status.browser.ms 12]');
    const [first, second] = await page.servers();
    expect(first).toContain(`[status.since full ${startedAt}]`);
    expect(first).not.toContain('[status.yours]');
    // The socket's node, which may be another than the one that answered.
    expect(second).toContain('[status.yours]');
    expect(await page.limits()).toEqual([]);
  });

  it('is busy until the first answer', async () => {
    const { page } = await aStatusPage('never');
    expect(await page.isLoading()).toBe(true);
    expect(await page.sentence()).toBe('');
    expect(await page.problem()).toBeUndefined();
  });

  it('says what is limited and why, also what only a newer server knows', async () => {
    const { page } = await aStatusPage(ok(limited));
    expect(await page.sentence()).toBe('[status.limited [status.names.bus_interrupted] and tomorrow]');
    expect(await page.figure('[status.people]')).toBe('[status.atLeast 9]');
    expect(await page.limits()).toEqual([
      '[status.degraded.bus_interrupted]',
      '[status.cause [status.causes.read_only]]',
      'A newer server says this.',
    ]);
  });

  it('shows an error in place of a status that never came, and tries again', async () => {
    const { page, answer } = await aStatusPage({ ok: false });
    expect(await page.problem()).toContain('[state.unreachableText]');
    answer(ok(aStatus()));
    await page.retry();
    expect(await page.problem()).toBeUndefined();
    expect(await page.sentence()).toBe('[status.well]');
  });

  it('names the error of a server that refuses', async () => {
    const { page } = await aStatusPage({ ok: false, error: { code: 'rate_limited', message: '' } });
    expect(await page.problem()).toContain('[errors.rate_limited]');
  });

  it('keeps the last status while the server is away, and says of when it is', async () => {
    const { page, answer, pass } = await aStatusPage(ok(aStatus()));
    answer({ ok: false }, undefined);
    await pass();
    expect(await page.sentence()).toBe('[status.old time 2026-01-01T12:00:00.000Z]');
    expect(await page.figure('[status.people]')).toBe('17');
    answer(ok(limited));
    await pass();
    expect(await page.sentence()).toContain('[status.limited');
  });

  it('has no server and no round trip without a connection, and says so', async () => {
    const { page, pinged, connection, pass } = await aStatusPage(ok(aStatus()), { phase: 'offline' });
    expect(await page.figure('[status.browser.roundTrip]')).toBe('–');
    expect(await page.figure('[status.browser.server]')).toBe('–');
    expect(await page.text()).toContain('[status.browser.none]');
    expect(pinged).not.toHaveBeenCalled();
    connection.set({ phase: 'live' });
    await pass(0);
    expect(await page.figure('[status.browser.roundTrip]')).toBe('[status.browser.ms 12]');
    expect(await page.text()).not.toContain('[status.browser.none]');
    connection.set({ phase: 'connecting' });
    await pass(0);
    expect(await page.figure('[status.browser.roundTrip]')).toBe('–');
    expect(await page.text()).toContain('[connection.connecting]');
  });

  it('refreshes while it is visible, pauses while it is hidden, and ends with the page', async () => {
    const { load, pinged, visible, pass, fixture } = await aStatusPage(ok(aStatus()));
    expect(load).toHaveBeenCalledTimes(1);
    await pass();
    await pass();
    expect(load).toHaveBeenCalledTimes(3);
    expect(pinged).toHaveBeenCalledTimes(3);
    visible.set(false);
    await pass();
    await pass(10 * refreshMs);
    expect(load).toHaveBeenCalledTimes(3);
    visible.set(true);
    await pass(0);
    expect(load).toHaveBeenCalledTimes(4);
    fixture.destroy();
    await jest.advanceTimersByTimeAsync(10 * refreshMs);
    expect(load).toHaveBeenCalledTimes(4);
    expect(jest.getTimerCount()).toBe(0);
  });
});
