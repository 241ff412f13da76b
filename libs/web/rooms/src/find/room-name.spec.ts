import { addressProblem, holdsName, nextAddress, roomOfName } from './room-name';

const rooms = [
  { title: '週末爬山', slug: '週末爬山' },
  { title: 'Weekend hiking', slug: 'trails' },
  { title: 'Trails', slug: 'trails-2' },
  { title: '🌷🌷', slug: 'tulips' },
];

describe('roomOfName', () => {
  it('matches the address first, in any case and width', () => {
    expect(roomOfName('ＴＲＡＩＬＳ', rooms)?.title).toBe('Weekend hiking');
    expect(roomOfName(' 週末爬山 ', rooms)?.slug).toBe('週末爬山');
  });

  it('then matches the name, also one of punctuation only', () => {
    expect(roomOfName('weekend  HIKING', rooms)?.slug).toBe('trails');
    expect(roomOfName('🌷🌷', rooms)?.slug).toBe('tulips');
  });

  it('matches no empty text and no part of a name', () => {
    expect(roomOfName('  ', rooms)).toBeUndefined();
    expect(roomOfName('week', rooms)).toBeUndefined();
  });
});

describe('holdsName', () => {
  it('finds any part of name and address', () => {
    expect(rooms.filter((room) => holdsName('爬', room))).toEqual([rooms[0]]);
    expect(rooms.filter((room) => holdsName('Trails 2', room))).toEqual([rooms[2]]);
    expect(rooms.filter((room) => holdsName('', room))).toHaveLength(4);
  });
});

describe('addressProblem', () => {
  it.each([
    ['weekend-hiking', undefined],
    [' Weekend-Hiking ', undefined],
    ['週末爬山', undefined],
    ['', 'empty'],
    ['two words', 'text'],
    ['a--b', 'text'],
    ['-a', 'text'],
    ['a/b', 'text'],
    ['01900000-0000-7000-8000-000000000001', 'text'],
    ['字'.repeat(64), undefined],
    ['字'.repeat(65), 'long'],
  ])('of %j is %s', (typed, problem) => expect(addressProblem(typed)).toBe(problem));
});

describe('nextAddress', () => {
  it.each([
    ['trails', 'trails-2'],
    ['trails-2', 'trails-3'],
    ['trails-99', 'trails-100'],
    ['2026', '2026-2'],
    ['字'.repeat(64), `${'字'.repeat(62)}-2`],
  ])('after %j is %j, which can be one', (taken, next) => {
    expect(nextAddress(taken)).toBe(next);
    expect(addressProblem(next)).toBeUndefined();
  });
});
