import { isSearchShortcut } from './search-shortcut';
import { isSwitcherShortcut, type ShortcutPress } from './switcher-shortcut';
import { isHelpShortcut } from './help-shortcut';
import { keyLabel, shortcutGroups, type KeyName } from './shortcut-list';

const strokesOf = (act: string) =>
  shortcutGroups.flatMap(({ shortcuts }) => shortcuts).find((row) => row.act === act)!.strokes;
const press = (stroke: readonly KeyName[]): ShortcutPress => ({
  key: stroke.at(-1)!,
  ctrlKey: stroke.includes('mod'),
  metaKey: false,
  altKey: false,
  shiftKey: stroke.includes('shift'),
  isComposing: false,
  keyCode: 0,
});

describe('the list of keys', () => {
  it('says what the page does', () => {
    for (const stroke of strokesOf('switcher')) expect(isSwitcherShortcut(press(stroke))).toBe(true);
    for (const stroke of strokesOf('search')) expect(isSearchShortcut(press(stroke))).toBe(true);
    for (const stroke of strokesOf('help')) expect(isHelpShortcut(press(stroke), false)).toBe(true);
  });

  it('has no key that writes and does something: what is typed goes into the message', () => {
    const alone = shortcutGroups
      .flatMap(({ shortcuts }) => shortcuts)
      .flatMap(({ act, strokes }) =>
        strokes.flatMap((stroke) =>
          stroke.length === 1 && 'sign' in keyLabel(stroke[0]!, false) ? [[act, stroke[0]]] : [],
        ),
      );
    const arrows = ['↑', '↓', '←', '→'];
    expect(alone.filter(([, key]) => !arrows.includes(key!))).toEqual([['help', '?']]);
  });

  it('names keys as they are on the keyboard', () => {
    expect(keyLabel('mod', true)).toEqual({ sign: '⌘' });
    expect(keyLabel('mod', false)).toEqual({ sign: 'Ctrl' });
    expect(keyLabel('shift', true)).toEqual({ sign: '⇧' });
    expect(keyLabel('shift', false)).toEqual({ words: 'keys.names.shift' });
    expect(keyLabel('K', false)).toEqual({ sign: 'K' });
  });
});
