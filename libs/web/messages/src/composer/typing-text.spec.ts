import { typingText } from './typing-text';

const nameOf = (id: string) => `name of ${id}`;

describe('typingText', () => {
  it('says nothing while nobody types', () => {
    expect(typingText({ userIds: [], count: 0 }, nameOf)).toBeUndefined();
  });

  it('names one and two, and counts more', () => {
    expect(typingText({ userIds: ['a'], count: 1 }, nameOf)).toEqual({ key: 'one', name: 'name of a' });
    expect(typingText({ userIds: ['a', 'b'], count: 2 }, nameOf)).toEqual({
      key: 'two',
      first: 'name of a',
      second: 'name of b',
    });
    expect(typingText({ userIds: ['a', 'b', 'c'], count: 9 }, nameOf)).toEqual({ key: 'several', count: 9 });
  });

  it('counts where it knows fewer names than there are people', () => {
    expect(typingText({ userIds: ['a'], count: 2 }, nameOf)).toEqual({ key: 'several', count: 2 });
    expect(typingText({ userIds: [], count: 1 }, nameOf)).toEqual({ key: 'several', count: 1 });
  });
});
