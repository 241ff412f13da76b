import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Members that one device remembers: those of a family. */
const maxEntries = 4;
const idBytes = 16;
const entryForm = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/**
 * Returns the id under which this device remembers a member; undefined if that member has not logged in here. The id
 * grants nothing: by it the device's wrong passwords are counted apart from those of strangers. `values` are the cookie's
 * values in the request, `name` is the key of a username.
 */
export function findDeviceId(key: string, values: readonly string[], name: string): string | undefined {
  return entriesOf(values).find(({ id, code }) => timingSafeEqual(code, mac(key, id, name)))?.id;
}

/** Returns the cookie's value with this member added; undefined if the device remembers them already. */
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
