import { limits } from './limits';

/** Kinds that are counted at once; a program has fewer. */
const maxKinds = 500;

interface Kind {
  count: number;
  endsAt: number;
}

/** Kind of line that came too often, with the number of lines that were left out. */
export interface Repetition {
  kind: string;
  count: number;
}

/** Rate limit of log lines by kind: the first few are written, the others are counted. */
export class RepeatedLines {
  readonly #kinds = new Map<string, Kind>();
  #timer: NodeJS.Timeout | undefined;

  /** `tell` receives each kind that has suppressed lines, at the end of its interval. */
  constructor(private readonly tell: (repetition: Repetition) => void) {}

  /** Returns true if another line of this kind may be written now. */
  admit(kind: string, now = Date.now()): boolean {
    let known = this.#kinds.get(kind);
    if (!known || known.endsAt <= now) {
      if (known) this.#end(kind, known);
      if (this.#kinds.size >= maxKinds) this.#endAll(Infinity);
      known = { count: 0, endsAt: now + limits.logRepeatsMs };
      this.#kinds.set(kind, known);
    }
    known.count++;
    if (known.count <= limits.logRepeats) return true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#endAll(Date.now());
    }, limits.logRepeatsMs).unref();
    return false;
  }

  #endAll(now: number): void {
    for (const [kind, known] of this.#kinds) if (known.endsAt <= now) this.#end(kind, known);
  }

  #end(kind: string, { count }: Kind): void {
    this.#kinds.delete(kind);
    if (count > limits.logRepeats) this.tell({ kind, count: count - limits.logRepeats });
  }
}
