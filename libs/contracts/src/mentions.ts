import { eastAsian } from './east-asian';
import { limits } from './limits';
import type { User } from './resources';
import { usernameKey } from './username-key';

/** Before an @, these make it an address. */
const ofAddress = /[\p{Script=Latin}\p{N}_]/u;
const ofName = /^(?:[._-]*[\p{L}\p{N}\p{M}]|_)/u;
const sign = /[@＠]/gu;

/** A name in a text: `from` at its @, `to` exclusive, in UTF-16 units. */
export interface Mention<T> {
  from: number;
  to: number;
  found: T;
}

/** Whether a name ends before `rest`, which follows it: in writing without spaces that belongs to the sentence. */
function endsBefore(name: string, rest: string): boolean {
  return eastAsian.test(name.at(-1)!) || !ofName.test(rest) || eastAsian.test(rest[0]!);
}

/** Whether a text names this user, as @username or @tag. The one rule, for badges and notices of every device. */
export function isMentioned(body: string, { username, tag }: Pick<User, 'username' | 'tag'>): boolean {
  const name = username === undefined ? tag : usernameKey(username);
  if (name === undefined || !(body.includes('@') || body.includes('＠'))) return false;
  const text = usernameKey(body);
  let at = text.indexOf('@');
  for (let n = 0; at !== -1 && n < limits.mentions; n++, at = text.indexOf('@', at + 1)) {
    if (at > 0 && ofAddress.test(text[at - 1]!)) continue;
    if (!text.startsWith(name, at + 1)) continue;
    const end = at + 1 + name.length;
    if (endsBefore(name, text.slice(end, end + 8))) return true;
  }
  return false;
}

/**
 * Who is named in a text, by the rule of isMentioned. `find` gives somebody for the key of a username or a tag; of two
 * that fit, the longer name counts. Looks at the first limits.mentions signs only.
 */
export function findMentions<T>(text: string, find: (key: string) => T | undefined): Mention<T>[] {
  const mentions: Mention<T>[] = [];
  let n = 0;
  for (const { index: from } of text.matchAll(sign)) {
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
