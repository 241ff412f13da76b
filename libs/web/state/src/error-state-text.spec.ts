import type { ConnectionView } from '@cloudhop/sdk';
import { errorStateText } from './error-state-text';

const refusedWith = (code: 'rate_limited' | 'overloaded' | 'too_many_sockets'): ConnectionView => ({
  phase: 'offline',
  attempts: 1,
  reason: { code, message: '', retryAfterMs: 40_000 },
});

describe('errorStateText', () => {
  it('R5: says that too many came at once, and lets nobody knock in vain', () => {
    expect(errorStateText(undefined, refusedWith('rate_limited'))).toEqual({
      pose: 'waiting',
      title: 'unreachable.rate_limited.title',
      text: 'unreachable.rate_limited.text',
      hasLogIn: true,
      isOver: false,
    });
    expect(errorStateText(undefined, refusedWith('overloaded')).button).toBeUndefined();
    expect(errorStateText(undefined, refusedWith('overloaded')).hasLogIn).toBeUndefined();
  });

  it('says that the server can’t be reached only when it did not answer', () => {
    expect(errorStateText(undefined, { phase: 'offline', attempts: 1 })).toMatchObject({
      title: 'state.unreachableTitle',
      button: 'state.retry',
    });
    expect(errorStateText(undefined, refusedWith('too_many_sockets'))).toMatchObject({
      title: 'unreachable.too_many_sockets.title',
      button: 'state.retry',
    });
  });

  it('asks for a reload when it is over, whatever was refused before', () => {
    const refused = refusedWith('rate_limited');
    expect(errorStateText('session_ended', refused)).toMatchObject({
      title: 'state.signedOutTitle',
      button: 'state.asGuest',
      hasLogIn: true,
      isOver: true,
    });
    expect(errorStateText('unknown_host', refused)).toMatchObject({ text: 'errors.unknown_host', isOver: true });
  });
});
