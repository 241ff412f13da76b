import type { User } from './resources';

export const exampleId = '01900000-0000-7000-8000-000000000001';

export const exampleUser: User = { id: exampleId, kind: 'guest', displayName: '小桃', profileRev: 2, tag: 'e20b5f' };
