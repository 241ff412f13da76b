import type { User } from '@cloudhop/contracts';
import { suggestPeople } from './suggest-people';

const user = (id: string, displayName: string, more: Partial<User> = {}): User => ({
  id,
  kind: 'member',
  displayName,
  profileRev: 1,
  ...more,
});
const people = [
  user('1', 'Anna', { username: 'momo_fan' }),
  user('2', '小桃', { username: 'taozi' }),
  user('3', 'Momo', { username: 'momo' }),
  user('4', 'Guest', { kind: 'guest', tag: 'e20b5f' }),
  user('5', 'Emo', { username: 'emo' }),
  user('6', 'Gone', { username: 'gone', isGone: true }),
];
const inserts = (typed: string) =>
  suggestPeople(people, typed, ({ id, displayName: name }) => ({ id, name, initial: name })).map(
    ({ insert }) => insert,
  );

test('people are found by name, username and tag, whoever begins so first, else in their order', () => {
  expect(inserts('mo')).toEqual(['@momo_fan', '@momo', '@emo']);
  expect(inserts('桃')).toEqual(['@taozi']);
  expect(inserts('E2')).toEqual(['@e20b5f']);
});

test('with nothing typed there is everybody who can be named, once', () => {
  expect(inserts('')).toHaveLength(5);
  expect(suggestPeople([...people, ...people], '', ({ id }) => ({ id, name: id, initial: id }))).toHaveLength(5);
});

test('whoever is gone, and a name that nobody has, suggests nothing', () => {
  expect(inserts('gone')).toEqual([]);
  expect(inserts('zzz')).toEqual([]);
});
