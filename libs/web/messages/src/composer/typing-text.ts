import type { TypingView } from '@cloudhop/sdk';

/** Translation key of the typing indicator, with its parameters. */
export type TypingText =
  { key: 'one'; name: string } | { key: 'two'; first: string; second: string } | { key: 'several'; count: number };

/** Returns names for up to two people, a count for more, undefined for nobody. */
export function typingText({ userIds, count }: TypingView, nameOf: (userId: string) => string): TypingText | undefined {
  const [first, second] = userIds;
  if (count < 1) return undefined;
  if (count === 1 && first !== undefined) return { key: 'one', name: nameOf(first) };
  if (count === 2 && first !== undefined && second !== undefined)
    return { key: 'two', first: nameOf(first), second: nameOf(second) };
  return { key: 'several', count };
}
