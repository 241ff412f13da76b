import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits as contractLimits } from '@cloudhop/contracts';
import { ConfigurationError } from './configuration-error';
import { limits, loadLimits, overrideLimits } from './limits';

const before = { platform: { ...limits }, contract: { ...contractLimits } };
afterEach(() => {
  Object.assign(limits, before.platform);
  Object.assign(contractLimits, before.contract);
});

test('a file overrides the numbers of both tables, and nothing else', () => {
  expect(overrideLimits({ socketsPerUser: 3, requestsPerSecond: 7 })).toEqual(['socketsPerUser', 'requestsPerSecond']);
  expect(limits).toEqual({ ...before.platform, socketsPerUser: 3 });
  expect(contractLimits).toEqual({ ...before.contract, requestsPerSecond: 7 });
});

test.each([
  ['a name that is no limit', { socketPerUser: 3 }],
  ['a name of every object', { toString: 3 }],
  ['a word', { socketsPerUser: 'many' }],
  ['a negative number', { socketsPerUser: -1 }],
  ['a list', [1]],
  ['nothing', null],
])('%s is refused', (_name, overrides) => {
  expect(() => overrideLimits(overrides)).toThrow(ConfigurationError);
  expect(limits).toEqual(before.platform);
});

test('a former name overrides the limit that has another name now', () => {
  expect(overrideLimits({ usernameLeast: 2, departuresStep: 7 })).toEqual([
    'usernameMinLength',
    'deletedUserCleanupStep',
  ]);
  expect(contractLimits).toEqual({ ...before.contract, usernameMinLength: 2 });
  expect(limits).toEqual({ ...before.platform, deletedUserCleanupStep: 7 });
});

test('a file that is missing or no JSON is one sentence that names it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudhop-limits-'));
  try {
    const path = join(folder, 'limits.json');
    expect(() => loadLimits(path)).toThrow(`LIMITS_FILE names ${path}`);
    writeFileSync(path, '{');
    expect(() => loadLimits(path)).toThrow(ConfigurationError);
    writeFileSync(path, '{"renamesPerMinute": 1}');
    expect(loadLimits(path)).toEqual(['renamesPerMinute']);
    expect(loadLimits(undefined)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
