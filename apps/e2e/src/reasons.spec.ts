import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './fixtures';
import { composerOf } from './people';

/** Proxies HTTP to the server without support for WebSockets, or with another host name. */
async function aProxy(to: string, headers: Record<string, string> = {}) {
  const target = new URL(to);
  const proxy = createServer((request, response) => {
    const { upgrade: _, connection: __, ...passed } = request.headers;
    const onward = ask(
      {
        host: target.hostname,
        port: target.port,
        method: request.method,
        path: request.url,
        headers: { ...passed, ...headers },
      },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  // Node passes an upgrade to a listener of its own: it is forwarded as the plain request that such a proxy makes of
  // it.
  proxy.on('upgrade', (request, socket) => {
    const { upgrade: _, connection: __, ...passed } = request.headers;
    ask(
      { host: target.hostname, port: target.port, path: request.url, headers: { ...passed, ...headers } },
      (answer) => {
        socket.end(`HTTP/1.1 ${answer.statusCode} Bad Request\r\n\r\n`);
        answer.resume();
      },
    ).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

test('a proxy that passes no WebSockets is named, with what to do, also to the operator', async ({
  browser,
  server,
}) => {
  const proxy = await aProxy(server.url, { host: '', origin: '' });
  const plain = await aProxy(server.url);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(plain.url);
  await expect(page.getByRole('alert')).toContainText('The connection is blocked', { timeout: 40_000 });
  await expect(page.getByRole('alert')).toContainText('must pass WebSockets');
  expect(server.output).toMatch(/"event":"request_refused".*"header":"Upgrade"/);
  await context.close();
  proxy.close();
  plain.close();
});

test('an address that is not set up is named, with what to do, also to the operator', async ({ browser, server }) => {
  const proxy = await aProxy(server.url, { host: 'chat.internal.test' });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(proxy.url);
  await expect(page.getByRole('alert')).toContainText('This address is not set up');
  await expect(page.getByRole('alert')).toContainText(proxy.url);
  expect(server.output).toMatch(/"event":"request_refused".*"header":"Origin"/);
  await context.close();
  proxy.close();
});

test('the eleventh tab says why it has to wait, and goes on when another is closed', async ({ strangers }) => {
  test.slow();
  const [ada] = await strangers(1);
  const tabs = [];
  for (let tab = 2; tab <= 10; tab++) {
    const page = await ada.context().newPage();
    await page.goto('/');
    await expect(composerOf(page)).toBeEditable({ timeout: 30_000 });
    tabs.push(page);
  }
  const eleventh = await ada.context().newPage();
  await eleventh.goto('/');
  await expect(eleventh.getByText('Cloudhop is open in too many places').first()).toBeVisible({ timeout: 40_000 });
  await tabs[0]!.close();
  await expect(eleventh.getByText('Cloudhop is open in too many places')).toHaveCount(0, { timeout: 40_000 });
});
