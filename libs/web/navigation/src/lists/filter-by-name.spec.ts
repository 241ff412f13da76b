import { filterByName } from './filter-by-name';

const { compare } = new Intl.Collator('en');

describe('filterByName', () => {
  const picks = [
    { id: '1', name: 'Zoe' },
    { id: '2', name: 'Ada Moon', username: 'ada' },
    { id: '3', name: 'Ben', username: 'moonlight' },
    { id: '4', name: 'Cleo' },
  ];
  const found = (typed: string) => filterByName(picks, typed, compare).map(({ name }) => name);

  it('lists everybody by name while nothing is typed', () => {
    expect(found(' ')).toEqual(['Ada Moon', 'Ben', 'Cleo', 'Zoe']);
  });

  it('finds by any part of name and username, and puts first what begins so', () => {
    expect(found('moon')).toEqual(['Ben', 'Ada Moon']);
    expect(found('@ada moon')).toEqual(['Ada Moon']);
    expect(found('nobody')).toEqual([]);
  });
});
