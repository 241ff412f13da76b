import { createHash, randomInt } from 'node:crypto';

/** Crockford's base 32: no letters that look like digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 140 bits. */
const characters = 28;
const groupLength = 4;

/** Returns a new code as it is shown, in groups of letters and digits. */
export function newRecoveryCode(): string {
  const code = Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return code.match(new RegExp(`.{1,${groupLength}}`, 'g'))!.join('-');
}

/** Returns the hash of a code as typed: hyphens and case are ignored, and an O counts as a 0. */
export function hashRecoveryCode(typed: string): Buffer {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(code).digest();
}
