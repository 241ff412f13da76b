import type { User } from '@cloudhop/contracts';
import { hasOwnName, nameWithTag, namedPerson, repeatedNames } from './names';

const guest = (displayName: string): User => ({ id: 'u', kind: 'guest', displayName, profileRev: 1, tag: 'e20b5f' });

const words = { guest: '訪客', gone: '已刪除的使用者' };

describe('names', () => {
  it('uses the page’s word for a guest without a name, and the tag for the letter', () => {
    expect(hasOwnName(guest('Guest e20b5f'))).toBe(false);
    expect(namedPerson(guest('Guest e20b5f'), words)).toEqual({
      id: 'u',
      name: '訪客',
      initial: 'e20b5f',
      tag: 'e20b5f',
    });
  });

  it('leaves a chosen name alone, also one that looks like a guest’s', () => {
    expect(namedPerson(guest('小桃'), words).name).toBe('小桃');
    expect(hasOwnName(guest('Guest 000000'))).toBe(true);
  });

  it('draws the chosen colour', () => {
    expect(namedPerson({ ...guest('小桃'), color: 'mint' }, words).color).toBe('mint');
  });

  it('shows nothing of a deleted user', () => {
    const gone: User = { ...guest('小桃'), color: 'mint', isGone: true };
    expect(namedPerson(gone, words)).toEqual({ id: 'u', name: '訪客', initial: '訪客' });
    expect(namedPerson({ ...gone, kind: 'member' }, words).name).toBe('已刪除的使用者');
  });
});

describe('names that repeat', () => {
  const member = (id: string, username: string, displayName = username): User => ({
    id,
    kind: 'member',
    displayName,
    username,
    profileRev: 1,
  });
  const drawn = (users: readonly User[]) => {
    const repeated = repeatedNames(users);
    return users.map((user) => nameWithTag(namedPerson(user, words, repeated)));
  };

  it('stand alone while they are unique', () =>
    expect(drawn([member('1', 'boss'), member('2', 'momo', '小桃')])).toEqual(['boss', '小桃']));

  it('have the username beside them: of two users with one name, and of a user named like another’s username', () => {
    expect(
      drawn([member('1', 'boss'), member('2', 'evil', 'Boss'), member('3', 'x_3', '小桃'), member('4', 'x_4', '小桃')]),
    ).toEqual(['boss @boss', 'Boss @evil', '小桃 @x_3', '小桃 @x_4']);
    expect(drawn([member('1', 'momo', '桃子'), member('2', 'other', 'MOMO')])).toEqual(['桃子', 'MOMO @other']);
    expect(drawn([member('1', 'momo'), guest('momo')])).toEqual(['momo @momo', 'momo #e20b5f']);
  });

  it.each(['BOSS', 'Ｂoss', ' b o s s', 'bo\u200bss', 'b0ss', 'bоss', 'ΒΟSS', '.boss.'])(
    'repeat as %j too, as nobody sees the difference',
    (name) => expect(drawn([member('1', 'boss'), member('2', 'other', name)])[1]).toBe(`${name} @other`),
  );

  it.each([
    ['paypal', 'paypaI'],
    ['Iris', 'lris'],
    ['mama', 'мама'],
  ])('%s and %s look the same', (one, other) =>
    expect(drawn([member('1', 'a_1', one), member('2', 'a_2', other)])).toEqual([`${one} @a_1`, `${other} @a_2`]),
  );

  it('are not those of deleted users', () =>
    expect(drawn([member('1', 'boss'), { ...member('2', 'x'), displayName: 'boss', isGone: true }])[0]).toBe('boss'));
});
