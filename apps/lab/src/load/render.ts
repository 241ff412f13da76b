import { type CDPSession, type Page, chromium } from '@playwright/test';
import { v7 as uuidv7 } from 'uuid';
import { makeGuests } from './guests';
import { cell, table } from './report';
import { type ServerUnderTest, startServer, withDatabase } from './server-under-test';
import { WireClient } from './wire-client';

export interface RenderOptions {
  /** Messages of each kind, told one by one. */
  messages: number;
  /** Factor by which the browser's processor is slowed. */
  slowdown: number;
}

/** Text of a message, and the message that it answers. */
interface Saying {
  body: string;
  replyTo?: string;
}

const code = '```ts\nfunction greet(name: string): string {\n  return `hi ${name}, ${1 + 2}`; // often\n}\n```';

/** Each kind beside plain words of about the same length. */
const kinds: Record<string, (n: number, before: string) => Saying> = {
  'plain words': (n) => ({ body: `${n}: we could meet at the hut and walk down to the lake, if it is dry` }),
  'bold, italic, code and strike': (n) => ({
    body: `${n}: we **could** meet at the *hut* and \`walk\` down to the ~~sea~~ **lake**, if it is dry`,
  }),
  'a link': (n) => ({ body: `${n}: we could meet at the hut, see https://example.org/huts/${n}?map=1, if it is dry` }),
  'a list and a quote': (n) => ({
    body: `> when?\n\n${n}: the plan\n- meet at the hut\n- walk down\n- swim in the lake`,
  }),
  'an answer with its quote': (n, before) => ({
    body: `${n}: we could meet at the hut and walk down to the lake, if it is dry`,
    replyTo: before,
  }),
  'a block of TypeScript': (n) => ({ body: `${n}:\n${code}` }),
};

const everyMs = 100;

/** Measures the cost of drawing messages as they arrive, on a slowed processor. */
export async function render({ messages, slowdown }: RenderOptions): Promise<string[]> {
  const server = await startServer('cloudhop', undefined, { LINK_PREVIEWS: 'off' });
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(server.url);
  await page.getByRole('textbox').waitFor();
  const { say, last } = await speaker(server);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  // What is loaded once is not what a message costs.
  for (const saying of Object.values(kinds)) await drawn(page, say, saying(0, await last()));
  await page.waitForTimeout(2_000);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  // The first round is for the page's own compiler.
  for (const saying of Object.values(kinds)) {
    const before = await last();
    for (let n = 1; n <= messages / 5; n++) {
      await say(saying(n, before));
      await page.waitForTimeout(everyMs);
    }
  }
  const idle = await busyMs(session, () => page.waitForTimeout(messages * everyMs));
  const rows: { what: string; scriptMs: number; layoutMs: number; taskMs: number }[] = [];
  for (const [what, saying] of Object.entries(kinds)) {
    const before = await last();
    const busy = await busyMs(session, async () => {
      for (let n = 1; n <= messages; n++) {
        await say(saying(n, before));
        await page.waitForTimeout(everyMs);
      }
    });
    rows.push({
      what,
      scriptMs: busy.scriptMs / messages,
      layoutMs: busy.layoutMs / messages,
      taskMs: Math.max(0, busy.taskMs - idle.taskMs) / messages,
    });
  }
  await browser.close();
  await server.stop();
  return [
    `One by one, ${messages} of each kind, ${1_000 / everyMs} a second, into a page of 390 × 844 whose processor is made ${slowdown} times slower. Milliseconds of the page's main thread per message, from the frame on the wire to the pixels; what the idle page does by itself is taken off:`,
    '',
    ...table(
      ['message', 'main thread ms', 'of it scripts', 'of it style and layout'],
      rows.map(({ what, taskMs, scriptMs, layoutMs }) => [what, cell(taskMs), cell(scriptMs), cell(layoutMs)]),
    ),
    '',
  ];
}

async function busyMs(
  session: CDPSession,
  work: () => Promise<void>,
): Promise<{ taskMs: number; scriptMs: number; layoutMs: number }> {
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000;
  };
  const before = await read();
  await work();
  const after = await read();
  const spent = (name: string) => after(name) - before(name);
  return {
    taskMs: spent('TaskDuration'),
    scriptMs: spent('ScriptDuration'),
    layoutMs: spent('LayoutDuration') + spent('RecalcStyleDuration'),
  };
}

async function drawn(page: Page, say: (saying: Saying) => Promise<void>, saying: Saying): Promise<void> {
  const count = () => page.locator('ch-message-row').count();
  const before = await count();
  await say(saying);
  while ((await count()) === before) await page.waitForTimeout(50);
  await page.waitForTimeout(500);
}

/** Somebody else in the lobby. */
async function speaker(
  server: ServerUnderTest,
): Promise<{ say: (saying: Saying) => Promise<void>; last: () => Promise<string> }> {
  const [guest] = await makeGuests(server, 1);
  const conversationId = await withDatabase(async (client) => {
    const { rows } = await client.query<{ id: string }>(`select id from conversations where kind = 'lobby'`);
    return rows[0]!.id;
  });
  const client = await WireClient.open(server.url, 'cloudhop', { token: guest!.token });
  let told: () => void = () => undefined;
  client.onAcknowledgement = () => told();
  let lastId: string | undefined;
  const say = async (saying: Saying) => {
    const id = uuidv7();
    const stored = new Promise<void>((resolve) => (told = resolve));
    client.emit('message:send', JSON.stringify({ conversationId, id, ...saying }));
    await stored;
    lastId = id;
  };
  return {
    say,
    async last() {
      if (lastId === undefined) await say({ body: 'what is answered, a line or so of it' });
      return lastId!;
    },
  };
}
