import type { TypingView } from '@cloudhop/sdk';

/** What the line above the composer says: a key of the dictionary, and what belongs in it. */
export type TypingText =
  { key: 'one'; name: string } | { key: 'two'; first: string; second: string } | { key: 'several'; count: number };

/** Names for as long as they fit in a glance; undefined while nobody types. */
export function typingText({ userIds, count }: TypingView, nameOf: (userId: string) => string): TypingText | undefined {
  const [first, second] = userIds;
  if (count < 1) return undefined;
  if (count === 1 && first !== undefined) return { key: 'one', name: nameOf(first) };
  if (count === 2 && first !== undefined && second !== undefined)
    return { key: 'two', first: nameOf(first), second: nameOf(second) };
  return { key: 'several', count };
}
