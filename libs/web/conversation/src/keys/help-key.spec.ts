import { isHelpKey, isTextField, type HelpPress } from './help-key';

const press: HelpPress = {
  key: '?',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 191,
};

describe('isHelpKey', () => {
  it('is a question mark, also the wide one of a Chinese keyboard', () => {
    expect(isHelpKey(press, false)).toBe(true);
    expect(isHelpKey({ ...press, key: '？' }, false)).toBe(true);
  });

  it('is Ctrl / or ⌘ /, also where somebody writes', () => {
    expect(isHelpKey({ ...press, key: '/', ctrlKey: true }, true)).toBe(true);
    expect(isHelpKey({ ...press, key: '/', metaKey: true }, true)).toBe(true);
  });

  it('is no question that somebody writes', () => {
    expect(isHelpKey(press, true)).toBe(false);
    expect(isHelpKey({ ...press, isComposing: true }, false)).toBe(false);
    expect(isHelpKey({ ...press, keyCode: 229 }, false)).toBe(false);
  });

  it('is no other combination', () => {
    expect(isHelpKey({ ...press, ctrlKey: true }, false)).toBe(false);
    expect(isHelpKey({ ...press, key: '/' }, false)).toBe(false);
    expect(isHelpKey({ ...press, key: '/', ctrlKey: true, altKey: true }, false)).toBe(false);
  });
});

describe('isTextField', () => {
  it('is where keys become text', () => {
    expect(isTextField({ tagName: 'TEXTAREA' })).toBe(true);
    expect(isTextField({ tagName: 'INPUT', type: 'text' })).toBe(true);
    expect(isTextField({ tagName: 'DIV', isContentEditable: true })).toBe(true);
  });

  it('is no button, box or line', () => {
    expect(isTextField({ tagName: 'BUTTON' })).toBe(false);
    expect(isTextField({ tagName: 'INPUT', type: 'radio' })).toBe(false);
    expect(isTextField(null)).toBe(false);
  });
});
