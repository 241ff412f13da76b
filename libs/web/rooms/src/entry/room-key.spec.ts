import type { ConversationSummary } from '@cloudhop/sdk';
import { findRoom, roomKeyOf } from './room-key';

const room = (id: string, slug: string, visibility = 'public', kind = 'room') =>
  ({ conversation: { id, slug, visibility, kind } }) as ConversationSummary;

describe('the room of an address', () => {
  it('is found by slug or id, in any case and width', () => {
    const rooms = [room('1', 'trails'), room('2', '週末')];
    expect(findRoom(rooms, roomKeyOf('ＴＲＡＩＬＳ'))?.id).toBe('1');
    expect(findRoom(rooms, roomKeyOf('2'))?.id).toBe('2');
    expect(findRoom(rooms, roomKeyOf('others'))).toBeUndefined();
  });

  it('is the private one of two rooms with one slug', () => {
    expect(findRoom([room('1', 'us', 'private'), room('2', 'us')], 'us')?.id).toBe('1');
    expect(findRoom([room('2', 'us'), room('1', 'us', 'private')], 'us')?.id).toBe('1');
  });

  it('is a room', () => {
    expect(findRoom([room('1', 'us', 'public', 'group')], '1')).toBeUndefined();
  });
});
