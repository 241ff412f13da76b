import * as z from 'zod';
import { maxStoredTime, minStoredTime } from './stored-times';

export const Id = z
  .uuid()
  .toLowerCase()
  .meta({ description: 'A UUID.', example: '01900000-0000-7000-8000-000000000001' });

/** Id made by the client. Also the idempotency key of the request. */
export const ClientId = z.uuid({ version: 'v7' }).toLowerCase().meta({
  description: 'A UUIDv7 made by the sender; a repeat with the same id is a retry.',
  example: '01900000-0000-7000-8000-0000000000aa',
});

export const Rev = z.int().min(0).meta({ description: 'Dense number of a change in a feed.', example: 42 });
export const Seq = z.int().min(0).meta({ description: 'Dense number of a message in its conversation.', example: 40 });
export const Time = z.iso.datetime().meta({ description: 'ISO 8601 in UTC.', example: '2026-01-01T12:00:00.000Z' });

/**
 * Time in a request that the server stores, rounded down to the millisecond. A time after maxStoredTime becomes
 * maxStoredTime; one before minStoredTime is refused.
 */
export const StoredTime = z.iso
  .datetime()
  .overwrite((text) => {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? text : new Date(Math.min(ms, Date.parse(maxStoredTime))).toISOString();
  })
  .refine((text) => Date.parse(text) >= Date.parse(minStoredTime), { message: 'must be in the year 2000 or later' })
  .meta({
    description:
      'ISO 8601 in UTC, not before the year 2000. It is stored to the millisecond, rounded down; whatever is later than 2199-12-31T23:59:59.999Z is stored as that.',
    example: '2026-01-01T12:00:00.000Z',
  });
