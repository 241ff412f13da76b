import type { User } from '@cloudhop/contracts';
import { hasOwnName, namedPerson } from './names';

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

  it('shows nothing of somebody who is gone', () => {
    const gone: User = { ...guest('小桃'), color: 'mint', isGone: true };
    expect(namedPerson(gone, words)).toEqual({ id: 'u', name: '訪客', initial: '訪客' });
    expect(namedPerson({ ...gone, kind: 'member' }, words).name).toBe('已刪除的使用者');
  });
});
