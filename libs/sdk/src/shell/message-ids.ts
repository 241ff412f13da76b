import { v7 as uuidv7 } from 'uuid';

/** Makes UUIDv7 that ascend within this client, whatever its clock does. */
export class MessageIds {
  #lastMs = 0;
  #sequence = 0;

  /** `nowMs` is the server's clock as far as it is known. */
  next(nowMs: number): string {
    if (nowMs > this.#lastMs) {
      this.#lastMs = Math.floor(nowMs);
      this.#sequence = 0;
    } else this.#sequence++;
    return uuidv7({ msecs: this.#lastMs, seq: this.#sequence });
  }
}
