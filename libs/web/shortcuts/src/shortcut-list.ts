/** Key as drawn. `mod` is ⌘ on a Mac, else Ctrl. */
export type KeyName =
  | 'mod'
  | 'shift'
  | 'enter'
  | 'tab'
  | 'esc'
  | 'menu'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | '↑'
  | '↓'
  | '←'
  | '→'
  | '?'
  | '/'
  | 'K'
  | 'F'
  | 'Z'
  | 'B'
  | 'I'
  | 'E'
  | 'X'
  | 'F10';

/** Action with its alternative key strokes. */
export interface Shortcut {
  act: string;
  strokes: readonly (readonly KeyName[])[];
}

const arrows = [['↑'], ['↓']] as const;

/** All keyboard shortcuts, grouped by context. */
export const shortcutGroups: readonly { group: string; shortcuts: readonly Shortcut[] }[] = [
  {
    group: 'page',
    shortcuts: [
      { act: 'help', strokes: [['mod', '/'], ['?']] },
      { act: 'switcher', strokes: [['mod', 'K']] },
      { act: 'search', strokes: [['mod', 'shift', 'F']] },
    ],
  },
  {
    group: 'composer',
    shortcuts: [
      { act: 'send', strokes: [['enter']] },
      { act: 'newline', strokes: [['shift', 'enter']] },
      { act: 'editLast', strokes: [['↑']] },
      { act: 'complete', strokes: [['enter'], ['tab']] },
      { act: 'bold', strokes: [['mod', 'B']] },
      { act: 'italic', strokes: [['mod', 'I']] },
      { act: 'strike', strokes: [['mod', 'shift', 'X']] },
      { act: 'code', strokes: [['mod', 'E']] },
      { act: 'undo', strokes: [['mod', 'Z']] },
      { act: 'cancelEdit', strokes: [['esc']] },
    ],
  },
  {
    group: 'log',
    shortcuts: [
      { act: 'move', strokes: arrows },
      { act: 'leap', strokes: [['pageUp'], ['pageDown']] },
      { act: 'ends', strokes: [['home'], ['end']] },
      { act: 'menu', strokes: [['enter'], ['menu'], ['shift', 'F10']] },
      { act: 'leave', strokes: [['esc']] },
    ],
  },
  {
    group: 'search',
    shortcuts: [
      { act: 'pick', strokes: arrows },
      { act: 'go', strokes: [['enter']] },
      { act: 'close', strokes: [['esc']] },
    ],
  },
  {
    group: 'menus',
    shortcuts: [
      { act: 'moveMenu', strokes: [['↑'], ['↓'], ['←'], ['→']] },
      { act: 'close', strokes: [['esc']] },
    ],
  },
];

const inWords: ReadonlySet<KeyName> = new Set([
  'shift',
  'enter',
  'tab',
  'esc',
  'menu',
  'pageUp',
  'pageDown',
  'home',
  'end',
]);

/** Returns the label of a key: a sign, or the translation key of its name. */
export function keyLabel(key: KeyName, isMac: boolean): { sign: string } | { words: string } {
  if (key === 'mod') return { sign: isMac ? '⌘' : 'Ctrl' };
  if (key === 'shift' && isMac) return { sign: '⇧' };
  return inWords.has(key) ? { words: `keys.names.${key}` } : { sign: key };
}
