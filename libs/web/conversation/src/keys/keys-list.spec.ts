import { isSearchKey } from '../search/search-key';
import { isSwitcherKey, type SwitcherPress } from '../switcher/switcher-key';
import { isHelpKey } from './help-key';
import { keyFace, keyGroups, type KeyName } from './keys-list';

const strokesOf = (act: string) => keyGroups.flatMap(({ acts }) => acts).find((row) => row.act === act)!.strokes;
const press = (stroke: readonly KeyName[]): SwitcherPress => ({
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
    for (const stroke of strokesOf('switcher')) expect(isSwitcherKey(press(stroke))).toBe(true);
    for (const stroke of strokesOf('search')) expect(isSearchKey(press(stroke))).toBe(true);
    for (const stroke of strokesOf('help')) expect(isHelpKey(press(stroke), false)).toBe(true);
  });

  it('has no key that writes and does something: what is typed goes into the message', () => {
    const alone = keyGroups
      .flatMap(({ acts }) => acts)
      .flatMap(({ act, strokes }) =>
        strokes.flatMap((stroke) =>
          stroke.length === 1 && 'sign' in keyFace(stroke[0]!, false) ? [[act, stroke[0]]] : [],
        ),
      );
    const arrows = ['↑', '↓', '←', '→'];
    expect(alone.filter(([, key]) => !arrows.includes(key!))).toEqual([['help', '?']]);
  });

  it('names keys as they are on the keyboard', () => {
    expect(keyFace('mod', true)).toEqual({ sign: '⌘' });
    expect(keyFace('mod', false)).toEqual({ sign: 'Ctrl' });
    expect(keyFace('shift', true)).toEqual({ sign: '⇧' });
    expect(keyFace('shift', false)).toEqual({ words: 'keys.names.shift' });
    expect(keyFace('K', false)).toEqual({ sign: 'K' });
  });
});
