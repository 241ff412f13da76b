import type { FriendPresence } from '@cloudhop/contracts';
import { dateWords } from './dates';
import { presenceWords } from './last-seen';

describe('presenceWords', () => {
  const dates = dateWords('en-GB', 'UTC');
  const now = Date.parse('2026-05-14T12:00:00Z');
  const words = (presence: Omit<FriendPresence, 'userId'>) =>
    presenceWords({ userId: 'a', ...presence }, { now, dates });
  const seen = (lastSeenAt: string) => words({ status: 'offline', lastSeenAt });

  it('shows only online or idle', () => {
    expect(words({ status: 'online', lastSeenAt: '2026-05-14T11:00:00Z' })).toEqual({
      key: 'presence.online',
      params: {},
    });
    expect(words({ status: 'idle' })).toEqual({ key: 'presence.idle', params: {} });
    expect(words({ status: 'offline' })).toEqual({ key: 'presence.offline', params: {} });
  });

  it('shows the time of last presence, in steps of five minutes', () => {
    expect(seen('2026-05-14T12:03:00Z').key).toBe('presence.seen.justNow');
    expect(seen('2026-05-14T11:56:00Z').key).toBe('presence.seen.justNow');
    expect(seen('2026-05-14T11:52:00Z')).toEqual({ key: 'presence.seen.minutes', params: { count: 5 } });
    expect(seen('2026-05-14T11:01:00Z')).toEqual({ key: 'presence.seen.minutes', params: { count: 55 } });
  });

  it('changes to the time of day, and then to the date', () => {
    expect(seen('2026-05-14T09:05:00Z')).toEqual({ key: 'presence.seen.today', params: { time: '9:05' } });
    expect(seen('2026-05-13T23:05:00Z')).toEqual({ key: 'presence.seen.yesterday', params: { time: '23:05' } });
    expect(seen('2026-03-03T09:05:00Z')).toEqual({ key: 'presence.seen.on', params: { date: '3 March' } });
    expect(seen('2025-12-03T09:05:00Z')).toEqual({ key: 'presence.seen.on', params: { date: '3 December 2025' } });
  });
});
