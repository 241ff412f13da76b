import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Members that one device remembers: a family's. */
const maxEntries = 4;
const idBytes = 16;
const entryForm = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * Tells whether a member has logged in on this device before. The cookie says nothing else and opens nothing: it only
 * counts the device's wrong passwords apart from those of strangers. `values` are what the request carries for it, `name`
 * is a username's key.
 */
export function findDeviceId(key: string, values: readonly string[], name: string): string | undefined {
  return entriesOf(values).find(({ id, code }) => timingSafeEqual(code, mac(key, id, name)))?.id;
}

/** The cookie with this member; nothing when the device has it already. */
export function rememberDevice(key: string, values: readonly string[], name: string): string | undefined {
  if (findDeviceId(key, values, name) !== undefined) return undefined;
  const id = randomBytes(idBytes).toString('base64url');
  const entries = [{ id, code: mac(key, id, name) }, ...entriesOf(values)].slice(0, maxEntries);
  return entries.map(({ id, code }) => `${id}.${code.toString('base64url')}`).join('~');
}

function entriesOf(values: readonly string[]): { id: string; code: Buffer }[] {
  return values
    .flatMap((value) => value.split('~', maxEntries))
    .flatMap((entry) => {
      const [, id, code] = entryForm.exec(entry) ?? [];
      return id === undefined || code === undefined ? [] : [{ id, code: Buffer.from(code, 'base64url') }];
    });
}

function mac(key: string, id: string, name: string): Buffer {
  return createHmac('sha256', key).update(`cloudhop device 1\n${id}.${name}`).digest();
}
