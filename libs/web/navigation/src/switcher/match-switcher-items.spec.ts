import { matchSwitcherItems, parseUsername, type SwitcherItem } from './match-switcher-items';

const to = (name: string, detail?: string): SwitcherItem => ({
  key: name,
  name,
  to: { link: ['/'] },
  ...(detail && { detail }),
});
const all = [to('Lobby'), to('小桃', '@momo'), to('Momo Lin'), to('Anna')];
const names = (typed: string) => matchSwitcherItems(all, typed).map(({ name }) => name);

describe('matchSwitcherItems', () => {
  it('shows everything while nothing is typed', () => {
    expect(names('  ')).toHaveLength(4);
  });

  it('finds by name and by username, with what begins so first', () => {
    expect(names('momo')).toEqual(['Momo Lin', '小桃']);
    expect(names('@momo')).toEqual(['Momo Lin', '小桃']);
    expect(names('桃')).toEqual(['小桃']);
  });

  it('wants all of the words', () => {
    expect(names('lin mo')).toEqual(['Momo Lin']);
    expect(names('lin xx')).toEqual([]);
  });
});

describe('parseUsername', () => {
  it('takes what can be a username, with or without the sign', () => {
    expect(parseUsername('@momo')).toBe('momo');
    expect(parseUsername(' 小桃子 ')).toBe('小桃子');
  });

  it('takes nothing else', () => {
    expect(parseUsername('two words')).toBeUndefined();
    expect(parseUsername('@a')).toBeUndefined();
    expect(parseUsername('a/b/c')).toBeUndefined();
  });
});
