// The last line of .ci/run: what its steps, Jest and Playwright counted, in one sum.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const readJson = (name) =>
  existsSync(join(folder, name)) ? JSON.parse(readFileSync(join(folder, name), 'utf8')) : undefined;

const readJest = (name) => {
  const jest = readJson(name);
  return jest && { passed: jest.numPassedTests, failed: jest.numFailedTests + jest.numRuntimeErrorTestSuites };
};

/** Steps whose tests are counted one by one, when there is a report of them. */
const reports = {
  specs: () => readJest('jest.json'),
  'redis specs': () => readJest('jest-redis.json'),
  'end to end': () => {
    const playwright = readJson('playwright.json');
    return (
      playwright && {
        passed: playwright.stats.expected,
        failed: playwright.stats.unexpected + playwright.stats.flaky + playwright.errors.length,
      }
    );
  },
};

let passed = 0;
let failed = 0;
const steps = existsSync(join(folder, 'steps')) ? readFileSync(join(folder, 'steps'), 'utf8').trim().split('\n') : [];
for (const line of steps) {
  const [, code, name] = /^(\d+) (.+)$/.exec(line);
  const counted = reports[name]?.();
  passed += counted?.passed ?? (code === '0' ? 1 : 0);
  // A run can fail without a failing test: a leak, a time-out, a report that was never written.
  failed += Math.max(counted?.failed ?? 0, code === '0' ? 0 : 1);
}
if (steps.length === 0) failed++;
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
