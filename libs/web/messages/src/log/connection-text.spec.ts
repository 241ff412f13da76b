import { connectionText } from './connection-text';

describe('connectionText', () => {
  it('says nothing while the connection is live, and nothing of a short blip', () => {
    expect(connectionText({ phase: 'live', attempts: 0 }, undefined, 1_000)).toBeUndefined();
    expect(connectionText({ phase: 'connecting', attempts: 1 }, 1_000, 1_399)).toBeUndefined();
    expect(connectionText({ phase: 'connecting', attempts: 1 }, 1_000, 1_400)?.key).toBe('reconnecting');
  });

  it('counts down to the next attempt and offers to skip the wait', () => {
    const offline = { phase: 'offline', attempts: 3, retryAt: 9_000 } as const;
    expect(connectionText(offline, 0, 5_500)).toEqual({ key: 'retryIn', seconds: 4, canTryNow: true });
    expect(connectionText(offline, 0, 9_001)).toEqual({ key: 'retryNow', canTryNow: true });
  });

  it('R5: says that too many are there, and until when, instead of an attempt that would be refused', () => {
    const reason = { code: 'rate_limited', message: '' } as const;
    const crowded = { phase: 'offline', attempts: 1, retryAt: 9_000, reason } as const;
    const why = { reason: 'rate_limited' } as const;
    expect(connectionText(crowded, 0, 5_500)).toEqual({ ...why, key: 'retryIn', seconds: 4, canTryNow: false });
    expect(connectionText(crowded, 0, 9_001)).toEqual({ ...why, key: 'retryNow', canTryNow: true });
  });

  it('never promises a retry that is not planned', () => {
    expect(connectionText({ phase: 'offline', attempts: 3 }, 0, 5_000)).toEqual({ key: 'offline', canTryNow: true });
  });

  it('tells catching up from reconnecting', () => {
    expect(connectionText({ phase: 'catchingUp', attempts: 0 }, 0, 5_000)?.key).toBe('catchingUp');
    expect(connectionText({ phase: 'connecting', attempts: 0 }, 0, 5_000)?.key).toBe('connecting');
  });

  it('leaves what ended for good to the screen', () => {
    const fatal = { code: 'session_ended', message: '' } as const;
    expect(connectionText({ phase: 'offline', attempts: 3, fatal }, 0, 5_000)).toBeUndefined();
  });
});
