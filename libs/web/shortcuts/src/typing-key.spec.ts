import fc from 'fast-check';
import { isTypingKey, type TypingKeyPress } from './typing-key';

const press = (more: Partial<TypingKeyPress>): TypingKeyPress => ({
  key: 'a',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  keyCode: 0,
  defaultPrevented: false,
  getModifierState: () => false,
  ...more,
});

test('every key that writes a character is typed, in whatever writing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (key) => {
      fc.pre(key.trim() !== '');
      expect(isTypingKey(press({ key }))).toBe(true);
      expect(isTypingKey(press({ key, ctrlKey: true }))).toBe(false);
      expect(isTypingKey(press({ key, metaKey: true }))).toBe(false);
      expect(isTypingKey(press({ key, altKey: true }))).toBe(false);
      expect(isTypingKey(press({ key, ctrlKey: true, altKey: true, getModifierState: () => true }))).toBe(true);
    }),
  );
});

test('dead keys and input methods begin to write', () => {
  expect(isTypingKey(press({ key: 'Dead' }))).toBe(true);
  expect(isTypingKey(press({ key: 'Process', keyCode: 229 }))).toBe(true);
});

test('keys that have a name, a space, and what something else took are not typed', () => {
  for (const key of ['Enter', 'Tab', 'Escape', 'ArrowUp', 'Delete', 'F5', ' '])
    expect(isTypingKey(press({ key }))).toBe(false);
  expect(isTypingKey(press({ defaultPrevented: true }))).toBe(false);
});
