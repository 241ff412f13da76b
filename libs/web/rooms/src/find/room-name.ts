import { limits, roomNameKey, slugOf } from '@cloudhop/contracts';

interface NamedRoom {
  slug?: string | undefined;
  title?: string | undefined;
}

/** The room that a typed name means: the one with its address, else the one that is called so. */
export function roomOfName<T extends NamedRoom>(typed: string, rooms: readonly T[]): T | undefined {
  const [slug, key] = [slugOf(typed), roomNameKey(typed)];
  if (key === '') return undefined;
  return (
    rooms.find((room) => slug !== '' && room.slug === slug) ??
    rooms.find(({ title = '' }) => roomNameKey(title) === key)
  );
}

/** Whether a room's name or address holds what was typed. */
export function holdsName(typed: string, { title = '', slug = '' }: NamedRoom): boolean {
  const key = roomNameKey(typed);
  return (
    roomNameKey(title).includes(key) || slug.includes(key) || (slugOf(typed) !== '' && slug.includes(slugOf(typed)))
  );
}

/** What a chosen address is written as: without case and width. */
export function addressOfTyped(typed: string): string {
  return typed.trim().normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** How a chosen address fails before anybody is asked; undefined where it may do. */
export function addressProblem(typed: string): 'empty' | 'long' | 'text' | undefined {
  const address = addressOfTyped(typed);
  if (address === '') return 'empty';
  if ([...address].length > limits.slugCharacters) return 'long';
  return slugOf(address) === address ? undefined : 'text';
}

/** The next address to try after one that is another room's: with a number, or the next one. */
export function nextAddress(address: string): string {
  const [, name = address, number] = /^(.+?)(?:-(\d{1,6}))?$/u.exec(address) ?? [];
  const end = `-${Number(number ?? 1) + 1}`;
  return `${[...name]
    .slice(0, limits.slugCharacters - end.length)
    .join('')
    .replace(/-+$/, '')}${end}`;
}
