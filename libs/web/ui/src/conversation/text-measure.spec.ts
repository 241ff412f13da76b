import { countGraphemes, limits } from '@cloudhop/contracts';
import { measureText } from './text-measure';

const measure = (text: string) => measureText(text, limits, countGraphemes);

describe('measureText', () => {
  it('is empty while there is room', () => {
    expect(measure('你好')).toEqual({ isTooLong: false });
    expect(measure('')).toEqual({ isTooLong: false });
  });

  it('counts graphemes near the limit', () => {
    expect(measure('好'.repeat(3_990))).toEqual({ isTooLong: false, remaining: 10 });
    expect(measure('好'.repeat(4_001))).toEqual({ isTooLong: true, remaining: -1 });
  });

  it('refuses texts with few characters but too many bytes', () => {
    expect(measure('👩‍👩‍👧'.repeat(1_000)).isTooLong).toBe(true);
  });

  it('does not count trimmed whitespace', () => {
    expect(measure(`${'a'.repeat(4_000)}    `)).toEqual({ isTooLong: false, remaining: 0 });
  });
});
