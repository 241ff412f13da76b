import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Failure } from './failure.mjs';

/** Returns the path of redis-server. Throws a Failure that says how to get it. */
export function findRedis() {
  const found = findProgram('redis-server');
  if (found) return found;
  throw new Failure(
    'redis-server is missing: install it with "apt-get install -y redis-server" (Debian, Ubuntu) or "brew install redis", then start again.',
  );
}

/** Returns the path of a program in PATH, or undefined. @param {string} name */
function findProgram(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
