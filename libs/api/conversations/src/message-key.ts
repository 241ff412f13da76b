import { ClientId } from '@cloudhop/contracts';
import { DomainError } from '@cloudhop/api/platform';
import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const longestKey = 256;

/**
 * Returns the message id for an `Idempotency-Key`. A UUIDv7 is the id itself; any other key becomes one by the first
 * 128 bits of SHA-256 of sender, conversation and key, with version 7 and the variant set. So a retry with the same key
 * has the same id, and keys of two senders never collide.
 */
function keyedMessageId(userId: string, conversationId: string, key: string): string {
  const given = ClientId.safeParse(key);
  if (given.success) return given.data;
  if (key.length > longestKey)
    throw new DomainError('invalid', { fields: { 'Idempotency-Key': `must be at most ${longestKey} characters` } });
  const bytes = createHash('sha256').update(`${userId}\n${conversationId}\n${key}`).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/**
 * Returns the id of a message from outside: its own, or that of the Idempotency-Key, or a new one. Throws invalid if
 * the two differ.
 */
export function messageIdOf(
  { userId, conversationId }: { userId: string; conversationId: string },
  id: string | undefined,
  key: string | undefined,
): string {
  if (key === undefined) return id ?? uuidv7();
  if (key === '') throw new DomainError('invalid', { fields: { 'Idempotency-Key': 'must not be empty' } });
  const keyed = keyedMessageId(userId, conversationId, key);
  if (id !== undefined && id !== keyed)
    throw new DomainError('invalid', { fields: { id: 'must match the Idempotency-Key' } });
  return keyed;
}
