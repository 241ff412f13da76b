import type { User } from '../auth/resources';
import { usernameKey } from '../auth/username-key';
import { limits } from '../limits';
import { eastAsian } from '../text/east-asian';
import type { Message } from './messages';

/** A character that makes a following @ part of an e-mail address. */
const ofAddress = /[\p{Script=Latin}\p{N}_]/u;
const ofName = /^(?:[._-]*[\p{L}\p{N}\p{M}]|_)/u;
const signs = /[@＠]/gu;
const sign = /[@＠]/u;
/** Both match code points: rare Han characters have two UTF-16 units. */
const beginsEastAsian = new RegExp(`^${eastAsian.source}`, 'u');
const endsEastAsian = new RegExp(`${eastAsian.source}$`, 'u');
const nameRun = /^[\p{L}\p{M}\p{N}_.-]+/u;

/** Mention in a text. `from` is the offset of its @, `to` is exclusive; both in UTF-16 units. */
export interface Mention<T> {
  from: number;
  to: number;
  found: T;
}

/** Returns true if a name can end before `rest`. In writing without spaces, the next character belongs to the sentence. */
function endsBefore(name: string, rest: string): boolean {
  return endsEastAsian.test(name.slice(-2)) || !ofName.test(rest) || beginsEastAsian.test(rest);
}

/** Yields the text after each of the first limits.mentions at signs that can begin a mention, without the sign. */
function* runsIn(text: string): Generator<{ from: number; characters: string[] }> {
  let at = text.indexOf('@');
  for (let n = 0; at !== -1 && n < limits.mentions; n++, at = text.indexOf('@', at + 1)) {
    if (at > 0 && ofAddress.test(text[at - 1]!)) continue;
    const [run = ''] = nameRun.exec(text.slice(at + 1, at + 1 + limits.displayNameBytes)) ?? [];
    yield { from: at + 1, characters: [...run] };
  }
}

/**
 * Yields the candidate keys of a text: each prefix, of the text after an at sign, with which a name can end. Stops after
 * limits.mentionKeyCharacters, which bounds the cost in writing without spaces, where a name can end after every
 * character. Yields the shortest prefixes first, so that a long text after one sign doesn't crowd out other mentions.
 */
function* keysIn(body: string): Generator<string> {
  if (!sign.test(body)) return;
  const text = usernameKey(body);
  const runs = [...runsIn(text)].map((run) => ({ ...run, key: '' }));
  const longest = Math.max(0, ...runs.map(({ characters }) => characters.length));
  let left = limits.mentionKeyCharacters;
  for (let length = 0; length < longest; length++) {
    for (const run of runs) {
      if (length >= run.characters.length) continue;
      run.key += run.characters[length]!;
      const end = run.from + run.key.length;
      if (!endsBefore(run.key, text.slice(end, end + 8))) continue;
      left -= run.key.length;
      if (left < 0) return;
      yield run.key;
    }
  }
}

/** Returns the mention key of a user: the username, else the tag. Undefined for a user without either. */
export function mentionKeyOf({ username, tag }: Pick<User, 'username' | 'tag'>): string | undefined {
  return username === undefined ? tag : usernameKey(username);
}

/** Returns the distinct mention keys of a text: it mentions exactly the users who have one of them. */
export function mentionKeys(body: string): string[] {
  return [...new Set(keysIn(body))];
}

/**
 * Returns true if a text mentions this user, as @username or @tag. The only rule, for badges and notifications on all
 * devices.
 */
export function isMentioned(body: string, user: Pick<User, 'username' | 'tag'>): boolean {
  const name = mentionKeyOf(user);
  if (name === undefined) return false;
  for (const key of keysIn(body)) if (key === name) return true;
  return false;
}

/** Returns true if a message mentions this user and may notify them: an edited message notifies nobody new. */
export function notifies(
  { body, mentionKeys: kept }: Pick<Message, 'body' | 'mentionKeys'>,
  user: Pick<User, 'username' | 'tag'>,
): boolean {
  if (kept === undefined) return isMentioned(body, user);
  const name = mentionKeyOf(user);
  return name !== undefined && kept.includes(name);
}

/**
 * Returns the mentions in a text, by the rule of isMentioned. `find` returns the user for the key of a username or a
 * tag; the longest match wins. Considers only the first limits.mentions at signs.
 */
export function findMentions<T>(text: string, find: (key: string) => T | undefined): Mention<T>[] {
  const mentions: Mention<T>[] = [];
  let n = 0;
  for (const { index: from } of text.matchAll(signs)) {
    if (n++ >= limits.mentions) break;
    if (from > 0 && ofAddress.test(text[from - 1]!)) continue;
    const mention = longestName(text, from, find);
    if (mention) mentions.push(mention);
  }
  return mentions;
}

function longestName<T>(text: string, from: number, find: (key: string) => T | undefined): Mention<T> | undefined {
  const rest = text.slice(from + 1, from + 1 + limits.usernameGraphemes * 2);
  const most = rest.search(/[\s@＠]/u);
  for (let length = most === -1 ? rest.length : most; length > 0; length--) {
    const name = rest.slice(0, length);
    const found = find(usernameKey(name));
    if (found !== undefined && endsBefore(name, text.slice(from + 1 + length, from + 9 + length)))
      return { from, to: from + 1 + length, found };
  }
  return undefined;
}
