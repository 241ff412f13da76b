import { slugOf, type ErrorCode } from '@cloudhop/contracts';
import type { Client } from '@cloudhop/sdk';
import { errorBodyOf } from '@cloudhop/web/state';

type RoomCommands = Pick<Client, 'createRoom' | 'call'>;

/** Creates a public room of this name, or finds the one that has its address. Returns the address. */
export async function createOrFindRoom(act: RoomCommands, name: string): Promise<string> {
  const slug = slugOf(name);
  try {
    return (await act.createRoom({ name, ...(slug !== '' && { slug }) })).slug;
  } catch (error) {
    if (errorBodyOf(error).code !== 'slug_taken') throw error;
  }
  return (await findSlug(act, slug)) ?? (await act.createRoom({ name })).slug;
}

/** Returns the address of a visible room as the server writes it. */
export async function findSlug(act: Pick<Client, 'call'>, slug: string): Promise<string | undefined> {
  if (slug === '') return undefined;
  const isNone = (code: ErrorCode) => code === 'not_found' || code === 'banned';
  try {
    return (await act.call('rooms.get', { params: { slug } })).slug;
  } catch (error) {
    if (isNone(errorBodyOf(error).code)) return undefined;
    throw error;
  }
}
