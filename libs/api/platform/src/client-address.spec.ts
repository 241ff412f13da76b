import * as fc from 'fast-check';
import { addressKey, clientAddress, isOwnAddress, parseTrustedProxies } from './client-address';

const nobody = parseTrustedProxies('');
const proxies = parseTrustedProxies('10.0.0.0/8, loopback, fd00::/8');
const outside = fc.ipV4().filter((address) => !/^(10|127)\./.test(address));
const trusted = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => `10.${parts.join('.')}`);
const anything = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.constant(undefined), fc.array(fc.ipV4()));

test('without trusted proxies nothing in X-Forwarded-For counts', () => {
  fc.assert(
    fc.property(fc.ipV4(), anything, (remote, forwarded) => {
      expect(clientAddress(remote, forwarded, nobody)).toBe(remote);
    }),
  );
});

test('from an address that is no proxy nothing in X-Forwarded-For counts', () => {
  fc.assert(
    fc.property(outside, anything, (remote, forwarded) => {
      expect(clientAddress(remote, forwarded, proxies)).toBe(remote);
    }),
  );
});

test('behind proxies it is the last hop before them, whatever the client wrote left of it', () => {
  fc.assert(
    fc.property(trusted, outside, fc.array(fc.string()), fc.array(trusted), (remote, client, forged, chain) => {
      expect(clientAddress(remote, [...forged, client, ...chain].join(', '), proxies)).toBe(client);
    }),
  );
});

test('one address has one spelling', () => {
  for (const spelling of [
    '203.0.113.7',
    '::ffff:203.0.113.7',
    '203.0.113.7:4711',
    ' 203.0.113.7 ',
    '[::ffff:203.0.113.7]:1',
    '::ffff:cb00:7107',
    '0:0:0:0:0:FFFF:CB00:7107',
  ])
    expect(clientAddress('10.0.0.1', spelling, proxies)).toBe('203.0.113.7');
  expect(clientAddress('fe80::1%eth0', undefined, nobody)).toBe('fe80::1');
  expect(clientAddress(undefined, undefined, nobody)).toBe('unknown');
});

test('a hop that is no address ends the walk at the proxy before it', () => {
  expect(clientAddress('10.0.0.1', 'unknown', proxies)).toBe('10.0.0.1');
  expect(clientAddress('10.0.0.1', '203.0.113.7, nonsense, 10.0.0.2', proxies)).toBe('10.0.0.2');
  expect(clientAddress('10.0.0.1', '203.0.113.7, , 10.0.0.2', proxies)).toBe('10.0.0.2');
  expect(clientAddress('10.0.0.1', '203.0.113.7,', proxies)).toBe('10.0.0.1');
});

test.each(['::/0', '::/64'])('%s trusts IPv4 too, which is within it', (list) => {
  expect(clientAddress('10.0.0.1', '203.0.113.7', parseTrustedProxies(list))).toBe('203.0.113.7');
});

test('limits count one IPv4 address, and the /64 of an IPv6 one', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(addressKey(address)).toBe(address);
    }),
  );
  const group = fc.nat(0xffff).map((value) => value.toString(16));
  fc.assert(
    fc.property(
      fc.tuple(group, group, group, group),
      fc.tuple(group, group, group, group),
      fc.tuple(group, group, group, group),
      (network, one, other) => {
        expect(addressKey([...network, ...one].join(':'))).toBe(addressKey([...network, ...other].join(':')));
        expect(addressKey([...network, ...one].join(':'))).toBe(`${network.join(':')}::/64`);
      },
    ),
  );
  expect(addressKey('2001:db8::1')).toBe(addressKey('2001:db8:0:0:ffff::2'));
  expect(addressKey('2001:db8:0:1::1')).not.toBe(addressKey('2001:db8::1'));
});

test('a list that is none is refused with the word that is wrong', () => {
  for (const [list, word] of [
    ['10.0.0.0/33', '10.0.0.0/33'],
    ['proxy.internal', 'proxy.internal'],
    ['::1, 1.2.3', '1.2.3'],
    ['::/129', '::/129'],
  ] as const)
    expect(() => parseTrustedProxies(list)).toThrow(word);
});

test.each([
  ...['127.0.0.1', '127.9.9.9', '::1', '10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1'],
  ...['fe80::1', 'fd00::1', '::ffff:192.168.1.1', '::ffff:c0a8:101', '0.0.0.0', '::', 'unknown', ''],
  // Of everybody behind one translator.
  ...['64:ff9b::cb00:7107', '::ffff:0:203.0.113.7', '2001:0:cb00:7107::1'],
])('%p is nobody’s own address', (address) => {
  expect(isOwnAddress(address)).toBe(false);
});

test.each(['203.0.113.7', '8.8.8.8', '::ffff:8.8.8.8', '2001:db8::1', '2606:4700::1111'])('%s is', (address) => {
  expect(isOwnAddress(address)).toBe(true);
});
