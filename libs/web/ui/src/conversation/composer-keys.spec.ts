import { isSendingEnter, type KeyPress } from './composer-keys';

const enter: KeyPress = {
  key: 'Enter',
  shiftKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  timeStamp: 1_000,
};

describe('isSendingEnter', () => {
  it('sends by Enter', () => {
    expect(isSendingEnter(enter)).toBe(true);
  });

  it('breaks the line by Shift+Enter', () => {
    expect(isSendingEnter({ ...enter, shiftKey: true })).toBe(false);
  });

  it('never sends by the Enter of an input method', () => {
    expect(isSendingEnter({ ...enter, isComposing: true })).toBe(false);
    expect(isSendingEnter({ ...enter, keyCode: 229 })).toBe(false);
  });

  it('never sends by the Enter that Safari reports right after the composition ended', () => {
    expect(isSendingEnter(enter, 995)).toBe(false);
    expect(isSendingEnter(enter, 700)).toBe(true);
  });

  it('ignores every other key', () => {
    expect(isSendingEnter({ ...enter, key: 'a', keyCode: 65 })).toBe(false);
  });
});
