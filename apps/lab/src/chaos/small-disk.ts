import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A mounted disk that can be filled to the last byte and freed again. */
export class SmallDisk {
  readonly #filler: string;

  constructor(readonly folder: string) {
    this.#filler = join(folder, 'filler');
  }

  fill(): void {
    const file = openSync(this.#filler, 'a');
    try {
      // In ever smaller pieces, so that no page is left.
      for (let bytes = 1024 * 1024; bytes >= 1; bytes /= 4) writeWhileRoom(file, Buffer.alloc(bytes, 1));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }
}

function writeWhileRoom(file: number, piece: Buffer): void {
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
