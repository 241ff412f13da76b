import * as fc from 'fast-check';
import { v7 } from 'uuid';
import { readRefreshToken, writeRefreshToken } from './refresh-tokens';

const key = 'k'.repeat(43);
const token = fc.record({
  sessionId: fc.integer({ min: 0, max: 2 ** 40 }).map((msecs) => v7({ msecs })),
  n: fc.integer({ min: 1, max: 999_999_999 }),
});

describe('refresh tokens', () => {
  it('read back as what was written, and write the same each time', () => {
    fc.assert(
      fc.property(token, (written) => {
        const text = writeRefreshToken(key, written);
        expect(readRefreshToken([key], text)).toEqual(written);
        expect(writeRefreshToken(key, written)).toBe(text);
      }),
    );
  });

  it('are read with the previous key too, and with no other', () => {
    const text = writeRefreshToken(key, { sessionId: v7(), n: 1 });
    expect(readRefreshToken(['new key', key], text)).toBeDefined();
    expect(readRefreshToken(['new key'], text)).toBeUndefined();
    expect(readRefreshToken([], text)).toBeUndefined();
  });

  it('are refused when a single character was changed', () => {
    fc.assert(
      fc.property(token, fc.nat(), fc.constantFrom(...'0123456789abcdefXYZ._-'), (written, at, character) => {
        const text = writeRefreshToken(key, written);
        const index = at % text.length;
        const changed = text.slice(0, index) + character + text.slice(index + 1);
        const read = readRefreshToken([key], changed);
        // The last character of base64url encodes four bits: different texts can decode to the same code.
        if (changed !== text && index !== text.length - 1) expect(read).toBeUndefined();
      }),
    );
  });

  it('are nothing but tokens', () => {
    fc.assert(fc.property(fc.string(), (text) => readRefreshToken([key], text) === undefined));
    const sessionId = v7();
    const code = writeRefreshToken(key, { sessionId, n: 1 }).split('.')[2]!;
    for (const text of [
      '',
      '..',
      `${sessionId}.0.${code}`,
      `${sessionId}.01.${code}`,
      `${sessionId}.1.`,
      `${sessionId}.1.${code}x`,
      `${sessionId.toUpperCase()}.1.${code}`,
    ])
      expect(readRefreshToken([key], text)).toBeUndefined();
  });
});
