import type { ErrorCode } from '@cloudhop/contracts';
import { ClientError, type Client } from '@cloudhop/sdk';
import { createOrFindRoom } from './create-room';

const refusal = (code: ErrorCode) => new ClientError({ code, message: '' });
const made: object[] = [];
/** Builds a server with these addresses taken by rooms; those in `hidden` are private. */
function server(taken: readonly string[], hidden: readonly string[] = []): Pick<Client, 'createRoom' | 'call'> {
  return {
    createRoom: async (room) => {
      if (room.slug !== undefined && [...taken, ...hidden].includes(room.slug)) throw refusal('slug_taken');
      made.push(room);
      return { id: '1', slug: room.slug ?? 'made-up' };
    },
    call: (async (_name: string, { params }: { params: { slug: string } }) => {
      if (!taken.includes(params.slug)) throw refusal('not_found');
      return { slug: params.slug };
    }) as unknown as Client['call'],
  };
}

describe('createOrFindRoom', () => {
  beforeEach(() => (made.length = 0));

  it('creates the room at the address of its name', async () => {
    await expect(createOrFindRoom(server([]), 'Weekend hiking')).resolves.toBe('weekend-hiking');
    expect(made).toEqual([{ name: 'Weekend hiking', slug: 'weekend-hiking' }]);
  });

  it('returns a room that was created meanwhile', async () => {
    await expect(createOrFindRoom(server(['trails']), 'Trails')).resolves.toBe('trails');
    expect(made).toEqual([]);
  });

  it('lets the server choose the address if the name has none or a hidden room has it', async () => {
    await expect(createOrFindRoom(server([], ['trails']), 'Trails')).resolves.toBe('made-up');
    await expect(createOrFindRoom(server([]), '🌷')).resolves.toBe('made-up');
    expect(made).toEqual([{ name: 'Trails' }, { name: '🌷' }]);
  });

  it('passes on other errors', async () => {
    const full = { ...server([]), createRoom: () => Promise.reject(refusal('limit_reached')) };
    await expect(createOrFindRoom(full, 'Trails')).rejects.toMatchObject({ body: { code: 'limit_reached' } });
  });
});
