import { createHash, randomInt } from 'node:crypto';

/** Crockford's base 32: no letter that is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 140 bits. */
const characters = 28;
const groupLength = 4;

/** A code as it is shown: groups of letters and digits that can be read out. */
export function newRecoveryCode(): string {
  const code = Array.from({ length: characters }, () => alphabet[randomInt(alphabet.length)]).join('');
  return code.match(new RegExp(`.{1,${groupLength}}`, 'g'))!.join('-');
}

/** What is kept of a code, however it was typed: with other hyphens, in lower case, with an O for a 0. */
export function hashRecoveryCode(typed: string): Buffer {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(code).digest();
}
