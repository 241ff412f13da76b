import { resolve } from 'node:path';
import { ConfigurationError } from './configuration-error';
import { isHttps, loadEnv, readEnv } from './env';

test('everything has a default, and an empty value is none', () => {
  const env = loadEnv({ PORT: '', HOST: ' ', PUBLIC_URL: '' });
  expect(env).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    DATA_DIR: resolve('.data'),
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
  });
  expect([env.LINK_PREVIEWS, env.LINK_PREVIEW_HOSTS.size]).toEqual(['on', 0]);
  expect(env.PUBLIC_URL ?? env.METRICS_PORT ?? env.LIMITS_FILE).toBeUndefined();
});

test.each([
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['PORT', '1.5'],
  ['PUBLIC_URL', 'chat.example.org'],
  ['PUBLIC_URL', 'ftp://chat.example.org'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['TRUSTED_PROXIES', 'everyone'],
  ['METRICS_PORT', 'yes'],
  ['METRICS_PORT', '99999'],
  ['NODE_ENV', 'prod'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused in one sentence that names it', (name, value) => {
  const load = () => loadEnv({ [name]: value });
  expect(load).toThrow(ConfigurationError);
  expect(load).toThrow(new RegExp(`^${name} .*\\.$`));
});

test('all that is wrong is listed, each variable once, and the others are read', () => {
  const { env, problems } = readEnv({ PORT: 'http', LOG_LEVEL: 'loud', NODE_ENV: 'production', HOST: '::1' });
  expect(problems).toEqual([expect.stringMatching(/^PORT /), expect.stringMatching(/^LOG_LEVEL /)]);
  expect(env).toMatchObject({ NODE_ENV: 'production', HOST: '::1' });
});

test('metrics stay on the loopback unless an address is given', () => {
  expect(loadEnv({ METRICS_PORT: '9464' }).METRICS_PORT).toEqual({ host: '127.0.0.1', port: 9464 });
  expect(loadEnv({ METRICS_PORT: '0.0.0.0:9464' }).METRICS_PORT).toEqual({ host: '0.0.0.0', port: 9464 });
});

test('only an https address makes it https', () => {
  expect([undefined, 'http://a.example', 'https://a.example'].map((PUBLIC_URL) => isHttps({ PUBLIC_URL }))).toEqual([
    false,
    false,
    true,
  ]);
});

test('hosts that are named for previews are read as addresses have them', () => {
  const { LINK_PREVIEW_HOSTS: hosts } = loadEnv({
    LINK_PREVIEW_HOSTS: ' Wiki.local:80, 維基.tw:8080,[0:0::1]:0443, 10.0.0.7:3000,',
  });
  expect([...hosts]).toEqual([
    'wiki.local:80',
    expect.stringMatching(/^xn--.+\.tw:8080$/),
    '[::1]:443',
    '10.0.0.7:3000',
  ]);
  for (const wrong of [
    'wiki.local',
    'http://wiki.local:80',
    'me@wiki.local:80',
    'wiki.local:80/path',
    'wiki.local:99999',
  ])
    expect(() => loadEnv({ LINK_PREVIEW_HOSTS: wrong })).toThrow(/LINK_PREVIEW_HOSTS/);
});
