import { onlineFirst } from './online-first';

describe('onlineFirst', () => {
  it('puts who is here before who is away, and keeps the order among them', () => {
    const people = ['anna', 'ben', 'cleo', 'dora', 'emil'].map((userId) => ({ userId }));
    const presences = new Map([
      ['ben', 'idle'],
      ['cleo', 'online'],
      ['emil', 'online'],
    ] as const);
    const sorted = onlineFirst(people, (userId) => presences.get(userId as 'ben'));
    expect(sorted.map(({ userId }) => userId)).toEqual(['cleo', 'emil', 'ben', 'anna', 'dora']);
  });
});
