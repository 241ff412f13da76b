import { findDeviceId, rememberDevice } from './device-cookies';

const key = 'a key of thirty-two bytes or more';

describe('the device cookie', () => {
  it('is good for the names that it was made for, and for no other, with no other key', () => {
    const one = rememberDevice(key, [], 'momo')!;
    const both = rememberDevice(key, [one], 'koko')!;
    expect(findDeviceId(key, [both], 'momo')).toBe(findDeviceId(key, [one], 'momo'));
    expect(findDeviceId(key, [both], 'koko')).toMatch(/^[\w-]{22}$/);
    expect(findDeviceId(key, [both], 'nobody')).toBeUndefined();
    expect(findDeviceId('another key, thirty-two bytes or more', [both], 'momo')).toBeUndefined();
    expect(rememberDevice(key, ['planted', both], 'momo')).toBeUndefined();
  });

  it('stays small: it holds the four members that came last', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    let value = '';
    for (const name of names) value = rememberDevice(key, [value], name)!;
    expect(names.filter((name) => findDeviceId(key, [value], name) !== undefined)).toEqual(['c', 'd', 'e', 'f']);
    expect(value.length).toBeLessThan(512);
  });
});
