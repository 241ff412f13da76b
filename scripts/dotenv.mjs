import { existsSync, readFileSync } from 'node:fs';

/**
 * Reads a file of NAME=value lines. `#` starts a comment at the beginning of a line or after a space; quotes around a
 * value are taken off, and within them nothing is special.
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseDotenv(text) {
  /** @type {Record<string, string>} */
  const values = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, name, raw] = match;
    const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(raw);
    values[name] = quoted ? quoted[2] : raw.replace(/(^|\s)#.*$/, '').trim();
  }
  return values;
}

/**
 * The environment with what `file` adds. What the environment already says wins; an empty value is none.
 * @param {string} file
 */
export function withDotenv(file) {
  const fromFile = existsSync(file) ? parseDotenv(readFileSync(file, 'utf8')) : {};
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  return { ...fromFile, ...own };
}
