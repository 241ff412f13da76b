import * as fc from 'fast-check';
import { isPublicAddress } from './public-address';
import { anyAddress, isSpecial, specialAddress, textOf } from './testing/special-addresses';

test('no address of a special block is public', () => {
  fc.assert(
    fc.property(specialAddress, (parts) => {
      expect([textOf(parts), isPublicAddress(textOf(parts))]).toEqual([textOf(parts), false]);
    }),
    { numRuns: 2_000 },
  );
});

test('an address is public exactly when no registry knows it to be special', () => {
  fc.assert(
    fc.property(anyAddress, (parts) => {
      expect([textOf(parts), isPublicAddress(textOf(parts))]).toEqual([textOf(parts), !isSpecial(parts)]);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  '::8.8.8.8',
  '::ffff:8.8.8.8',
  '::ffff:0:8.8.8.8',
  '64:ff9b::8.8.8.8',
  '64:ff9b:1::808:808',
  '2002:808:808::1',
  '2001:0:53aa:64c::1',
  '2a00:1450:4001:82a:0:5efe:a00:1',
  '100::1',
  '5f00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '168.63.129.17', '172.32.0.1', '2a00:1450:4001:82a::200e', '2606:4700::6810:84e5'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test('what is no address, or not spelled like one, is not public', () => {
  for (const text of ['', 'example.com', '8.8.8', '0x8.8.8.8', '8.8.8.8 ', '8.8.8.8%0', '134744072', '08.8.8.8'])
    expect([text, isPublicAddress(text)]).toEqual([text, false]);
  for (const text of ['[2606:4700::1]', '2606:4700::1%eth0', '2606:4700::1/64', '2606:4700::1::'])
    expect([text, isPublicAddress(text)]).toEqual([text, false]);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => isPublicAddress(text)).not.toThrow();
    }),
  );
});
