import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { droppedLines, logDestination } from './log-destination';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhop-log-'));
  jest.useFakeTimers({ doNotFake: ['nextTick'] });
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test.each(['ENOSPC', 'EPIPE', 'EAGAIN', 'EIO', 'EDQUOT'])(
  'lines that get %s wait up to a bound, then are dropped and counted; all goes on by itself',
  async (code) => {
    const file = join(folder, 'server.log');
    const fd = openSync(file, 'a');
    const destination = logDestination(fd);
    const resumed: number[] = [];
    destination.onResume((dropped) => resumed.push(dropped));
    destination.write('before\n');
    const before = droppedLines.unwritable;
    const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
      throw Object.assign(new Error(code), { code });
    });
    const line = `${'x'.repeat(1_023)}\n`;
    for (let n = 0; n < 2_000; n++) destination.write(line);
    const dropped = droppedLines.unwritable - before;
    expect(dropped).toBeGreaterThan(1_700);
    expect(dropped).toBeLessThan(1_800);
    write.mockRestore();
    jest.advanceTimersByTime(1_000);
    await new Promise((resolve) => process.nextTick(resolve));
    expect(resumed).toEqual([dropped]);
    destination.write('after\n');
    closeSync(fd);
    expect(readFileSync(file, 'utf8')).toBe(`before\n${line.repeat(2_000 - dropped)}after\n`);
  },
);

test('a disk that takes half a line gets the other half later', () => {
  const file = join(folder, 'server.log');
  const fd = openSync(file, 'a');
  const real = fs.writeSync.bind(fs);
  let calls = 0;
  jest.spyOn(fs, 'writeSync').mockImplementation((at: number, text: string | Buffer) => {
    if (++calls === 1) return real(at, String(text).slice(0, 3));
    if (calls < 4) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    return typeof text === 'string' ? real(at, text) : real(at, text);
  });
  const destination = logDestination(fd);
  for (const line of ['first\n', 'second\n', 'third\n']) destination.write(line);
  closeSync(fd);
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\nthird\n');
});
