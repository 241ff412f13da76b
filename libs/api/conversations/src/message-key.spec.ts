import { ClientId } from '@cloudhop/contracts';
import * as fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { messageIdOf } from './message-key';

const place = { userId: 'u', conversationId: 'c' };

test('I2: a key is one message of one sender in one conversation, and always an id that a client may make', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 256 }), fc.string({ minLength: 1 }), (key, elsewhere) => {
      const id = messageIdOf(place, undefined, key);
      expect(ClientId.parse(id)).toBe(id);
      expect(messageIdOf(place, undefined, key)).toBe(id);
      expect(messageIdOf(place, id, key)).toBe(id);
      if (ClientId.safeParse(key).success) return;
      expect(messageIdOf({ ...place, userId: `u${elsewhere}` }, undefined, key)).not.toBe(id);
      expect(messageIdOf({ ...place, conversationId: `c${elsewhere}` }, undefined, key)).not.toBe(id);
    }),
  );
});

test('a key that is a UUIDv7 is the id itself; the first bits of SHA-256 make any other', () => {
  const id = uuidv7();
  expect(messageIdOf(place, undefined, id.toUpperCase())).toBe(id);
  expect(messageIdOf(place, undefined, 'build-412')).toBe('59323d2e-5c54-7d12-8e92-21cb60a1c0a7');
});

test('an id and a key that name two messages are refused, and so is a key that says nothing or too much', () => {
  for (const [id, key] of [
    [uuidv7(), 'build-412'],
    [undefined, ''],
    [undefined, 'x'.repeat(257)],
  ] as const)
    expect(() => messageIdOf(place, id, key)).toThrow(expect.objectContaining({ code: 'invalid' }));
});
