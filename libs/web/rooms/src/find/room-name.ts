import { limits, roomNameKey, slugOf } from '@cloudhop/contracts';

interface NamedRoom {
  slug?: string | undefined;
  title?: string | undefined;
}

/** Returns the room that a typed name means: the one with its address, else the one with that title. */
export function roomOfName<T extends NamedRoom>(typed: string, rooms: readonly T[]): T | undefined {
  const [slug, key] = [slugOf(typed), roomNameKey(typed)];
  if (key === '') return undefined;
  return (
    rooms.find((room) => slug !== '' && room.slug === slug) ??
    rooms.find(({ title = '' }) => roomNameKey(title) === key)
  );
}

/** Returns whether a room's name or address contains the typed text. */
export function holdsName(typed: string, { title = '', slug = '' }: NamedRoom): boolean {
  const key = roomNameKey(typed);
  return (
    roomNameKey(title).includes(key) || slug.includes(key) || (slugOf(typed) !== '' && slug.includes(slugOf(typed)))
  );
}

/** Returns the written form of a chosen address: without case and width. */
export function addressOfTyped(typed: string): string {
  return typed.trim().normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Returns why the server would refuse a chosen address; undefined if it may accept it. */
export function addressProblem(typed: string): 'empty' | 'long' | 'text' | undefined {
  const address = addressOfTyped(typed);
  if (address === '') return 'empty';
  if ([...address].length > limits.slugCharacters) return 'long';
  return slugOf(address) === address ? undefined : 'text';
}

/** Returns the next address to try: with a number added or incremented. */
export function nextAddress(address: string): string {
  const [, name = address, number] = /^(.+?)(?:-(\d{1,6}))?$/u.exec(address) ?? [];
  const end = `-${Number(number ?? 1) + 1}`;
  return `${[...name]
    .slice(0, limits.slugCharacters - end.length)
    .join('')
    .replace(/-+$/, '')}${end}`;
}
