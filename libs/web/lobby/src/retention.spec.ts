import { retentionOf } from './retention';

describe('retentionOf', () => {
  it('returns hours up to two days, then days', () => {
    expect(retentionOf(86_400_000)).toEqual({ unit: 'keptHours', count: 24 });
    expect(retentionOf(60_000)).toEqual({ unit: 'keptHours', count: 1 });
    expect(retentionOf(7 * 86_400_000)).toEqual({ unit: 'keptDays', count: 7 });
  });
});
