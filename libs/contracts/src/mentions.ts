import type { User } from './resources';
import { usernameKey } from './username-key';

/** Writing without spaces: what follows a name in it belongs to the sentence. */
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
/** Before an @, these make it an address. */
const ofAddress = /[\p{Script=Latin}\p{N}_]/u;
const ofName = /^(?:[._-]*[\p{L}\p{N}\p{M}]|_)/u;

/** A message names at most so many. */
const mostMentions = 20;

/** Whether a text names this user, as @username or @tag. The one rule, for badges and notices of every device. */
export function isMentioned(body: string, { username, tag }: Pick<User, 'username' | 'tag'>): boolean {
  const name = username === undefined ? tag : usernameKey(username);
  if (name === undefined || !(body.includes('@') || body.includes('＠'))) return false;
  const text = usernameKey(body);
  const isEastAsian = eastAsian.test(name.at(-1)!);
  let at = text.indexOf('@');
  for (let n = 0; at !== -1 && n < mostMentions; n++, at = text.indexOf('@', at + 1)) {
    if (at > 0 && ofAddress.test(text[at - 1]!)) continue;
    if (!text.startsWith(name, at + 1)) continue;
    const rest = text.slice(at + 1 + name.length, at + 1 + name.length + 8);
    if (isEastAsian || !ofName.test(rest) || eastAsian.test(rest[0]!)) return true;
  }
  return false;
}
