import { activeMuteOf, chosenLevel, muteSpans, muteUntil } from './mute';

describe('quiet times', () => {
  const now = Date.parse('2026-05-14T12:00:00Z');

  it('last as long as was chosen', () => {
    expect(muteUntil('hour', now)).toBe('2026-05-14T13:00:00.000Z');
    expect(muteUntil('hours', now)).toBe('2026-05-14T20:00:00.000Z');
    expect(muteUntil('week', now)).toBe('2026-05-21T12:00:00.000Z');
    for (const span of muteSpans) expect(activeMuteOf({ quietUntil: muteUntil(span, now) }, now)).toBeDefined();
  });

  it('end by themselves, but for those that are turned off by hand', () => {
    expect(activeMuteOf({}, now)).toBeUndefined();
    expect(activeMuteOf({ quietUntil: muteUntil('hour', now) }, now)).toEqual({ until: '2026-05-14T13:00:00.000Z' });
    expect(activeMuteOf({ quietUntil: muteUntil('hour', now) }, now + 3_600_000)).toBeUndefined();
    expect(activeMuteOf({ quietUntil: muteUntil('always', now) }, now)).toEqual({});
  });
});

describe('chosenLevel', () => {
  it('is everything, and in the lobby what names one, until somebody chooses', () => {
    expect(chosenLevel({ kind: 'group' })).toBe('all');
    expect(chosenLevel({ kind: 'lobby' })).toBe('mentions');
    expect(chosenLevel({ kind: 'lobby', notices: 'all' })).toBe('all');
  });
});
