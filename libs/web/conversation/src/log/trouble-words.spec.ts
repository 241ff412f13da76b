import { troubleWords } from './trouble-words';

describe('troubleWords', () => {
  it('R5: says that too many came at once, and lets nobody knock in vain', () => {
    const refusal = { code: 'rate_limited', message: '', retryAfterMs: 40_000 } as const;
    expect(troubleWords(undefined, refusal)).toEqual({
      pose: 'offline',
      title: 'state.crowdedTitle',
      text: 'state.crowdedText',
      isOver: false,
    });
  });

  it('says that the server can’t be reached only when it did not answer', () => {
    expect(troubleWords(undefined, undefined)).toMatchObject({
      title: 'state.unreachableTitle',
      button: 'state.retry',
    });
    expect(troubleWords(undefined, { code: 'overloaded', message: '' }).title).toBe('state.busyTitle');
  });

  it('asks for a reload when it is over, whatever was refused before', () => {
    const refusal = { code: 'rate_limited', message: '' } as const;
    expect(troubleWords('session_ended', refusal)).toMatchObject({ title: 'state.signedOutTitle', isOver: true });
    expect(troubleWords('foreign_origin', refusal)).toMatchObject({ text: 'errors.foreign_origin', isOver: true });
  });
});
