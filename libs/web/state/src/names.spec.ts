import type { User } from '@cloudhop/contracts';
import { hasOwnName, namedPerson } from './names';

const guest = (displayName: string): User => ({ id: 'u', kind: 'guest', displayName, profileRev: 1, tag: 'e20b5f' });

describe('names', () => {
  it('uses the page’s word for a guest without a name, and the tag for the letter', () => {
    expect(hasOwnName(guest('Guest e20b5f'))).toBe(false);
    expect(namedPerson(guest('Guest e20b5f'), '訪客')).toEqual({
      id: 'u',
      name: '訪客',
      initial: 'e20b5f',
      tag: 'e20b5f',
    });
  });

  it('leaves a chosen name alone, also one that looks like a guest’s', () => {
    expect(namedPerson(guest('小桃'), '訪客').name).toBe('小桃');
    expect(hasOwnName(guest('Guest 000000'))).toBe(true);
  });
});
