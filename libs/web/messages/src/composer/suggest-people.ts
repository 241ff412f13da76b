import type { User } from '@cloudhop/contracts';
import type { NamedPerson } from '@cloudhop/web/state';
import type { Suggestion } from '@cloudhop/web/ui';

/** Maximum number of suggestions. */
const most = 8;

/**
 * Returns the people whose name or username contains the text typed after an @. Prefix matches come first; otherwise
 * the given order is kept.
 */
export function suggestPeople(people: Iterable<User>, typed: string, named: (user: User) => NamedPerson): Suggestion[] {
  const wanted = typed.normalize('NFKC').toLocaleLowerCase();
  const [first, rest]: [Suggestion[], Suggestion[]] = [[], []];
  const seen = new Set<string>();
  for (const user of people) {
    const sign = user.username ?? user.tag;
    if (sign === undefined || user.isGone || seen.has(user.id)) continue;
    seen.add(user.id);
    const { name, initial, color } = named(user);
    const texts = [sign, user.displayName].map((text) => text.normalize('NFKC').toLocaleLowerCase());
    if (!texts.some((text) => text.includes(wanted))) continue;
    const list = texts.some((text) => text.startsWith(wanted)) ? first : rest;
    list.push({
      key: user.id,
      insert: `@${sign}`,
      label: name,
      detail: user.username === undefined ? `#${sign}` : `@${sign}`,
      avatar: { seed: user.id, initial, ...(color && { color }) },
    });
    if (first.length >= most) break;
  }
  return [...first, ...rest].slice(0, most);
}
