import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Returns the environment with the variables that `file` adds. Variables of the environment win; an empty one counts as
 * absent.
 * @param {string} file
 */
export function withDotenv(file) {
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined && value !== ''),
  );
  return { ...fromFile, ...own };
}
