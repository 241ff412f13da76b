import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from './configuration-error';
import { loadEnv } from './env';
import { loadSecrets } from './secrets';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cloudhop-secrets-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const strong = 'qX7vT2mLw9ZcR4hKbN8sJ3pF6gD1yA5u';
const other = 'Zk3Rv8Qm1Wn6Xt9Bc4Lp7Hs2Jd5Gf0Ye';
const load = (variables: Record<string, string> = {}) => loadSecrets(loadEnv({ DATA_DIR: folder, ...variables }));

test('the first start makes them for the owner only, and every later start finds the same', () => {
  const made = load();
  const path = join(folder, 'secrets.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['secrets.json']);
  expect(load()).toEqual(made);
  expect(made.jwtKeys[0].secret).not.toBe(made.refreshKey);
  expect(made.jwtKeys[0].secret.length).toBeGreaterThanOrEqual(32);
});

test('two installations never have the same', () => {
  const first = load();
  rmSync(join(folder, 'secrets.json'));
  expect(load()).not.toEqual(first);
});

test('a file that can’t be read is not replaced: that would sign everyone out unasked', () => {
  for (const text of ['{"jwt": "half', '{}', '{"jwt":"short","refresh":"short"}']) {
    writeFileSync(join(folder, 'secrets.json'), text);
    expect(() => load()).toThrow(ConfigurationError);
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe(text);
  }
});

test.each([
  ['nothing', {}],
  ['only one', { JWT_SECRET: strong }],
  ['a short one', { JWT_SECRET: strong, REFRESH_SECRET: 'short' }],
  ['an example', { JWT_SECRET: 'change-me-change-me-change-me-change-me', REFRESH_SECRET: strong }],
  ['one repeated letter', { JWT_SECRET: 'a'.repeat(40), REFRESH_SECRET: strong }],
  ['a weak previous one', { JWT_SECRET: strong, REFRESH_SECRET: other, JWT_SECRET_PREVIOUS: 'old' }],
])('in production %s is refused, and nothing is made up', (_name, variables) => {
  expect(() => load({ NODE_ENV: 'production', ...variables })).toThrow(
    expect.objectContaining({ name: 'ConfigurationError' }),
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('two keys are valid at once: the new one signs, and each is named by what it is', () => {
  const before = load({ JWT_SECRET: strong, REFRESH_SECRET: other });
  const after = load({ JWT_SECRET: other, REFRESH_SECRET: other, JWT_SECRET_PREVIOUS: strong });
  expect(after.jwtKeys.map(({ secret }) => secret)).toEqual([other, strong]);
  expect(after.jwtKeys[1]).toEqual(before.jwtKeys[0]);
  expect(after.jwtKeys[0].kid).not.toBe(after.jwtKeys[1]!.kid);
});
