import { isHelpShortcut, isTextField, type HelpKeyPress } from './help-shortcut';

const press: HelpKeyPress = {
  key: '?',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 191,
};

describe('isHelpShortcut', () => {
  it('is a question mark, also the wide one of a Chinese keyboard', () => {
    expect(isHelpShortcut(press, false)).toBe(true);
    expect(isHelpShortcut({ ...press, key: '？' }, false)).toBe(true);
  });

  it('is Ctrl / or ⌘ /, also where somebody writes', () => {
    expect(isHelpShortcut({ ...press, key: '/', ctrlKey: true }, true)).toBe(true);
    expect(isHelpShortcut({ ...press, key: '/', metaKey: true }, true)).toBe(true);
  });

  it('is no question that somebody writes', () => {
    expect(isHelpShortcut(press, true)).toBe(false);
    expect(isHelpShortcut({ ...press, isComposing: true }, false)).toBe(false);
    expect(isHelpShortcut({ ...press, keyCode: 229 }, false)).toBe(false);
  });

  it('is no other combination', () => {
    expect(isHelpShortcut({ ...press, ctrlKey: true }, false)).toBe(false);
    expect(isHelpShortcut({ ...press, key: '/' }, false)).toBe(false);
    expect(isHelpShortcut({ ...press, key: '/', ctrlKey: true, altKey: true }, false)).toBe(false);
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
