import { v7 as uuidv7 } from 'uuid';

/** Makes UUIDv7 that ascend within this client, whatever its clock does. */
export class MessageIds {
  #lastMs = 0;
  #sequence = 0;

  /** Makes later ids ascend above `id`, which an earlier life of this client made by another estimate of the clock. */
  goAbove(id: string): void {
    const ms = parseInt(id.slice(0, 8) + id.slice(9, 13), 16) + 1;
    if (ms <= this.#lastMs) return;
    this.#lastMs = ms;
    this.#sequence = 0;
  }

  /** `nowMs` is the server's clock as far as it is known. */
  next(nowMs: number): string {
    // The server's clock is an estimate with fractions; counted in those, ids of one millisecond would go back.
    const ms = Math.floor(nowMs);
    if (ms > this.#lastMs) {
      this.#lastMs = ms;
      this.#sequence = 0;
    } else this.#sequence++;
    return uuidv7({ msecs: this.#lastMs, seq: this.#sequence });
  }
}
