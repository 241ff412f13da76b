const bodyPattern = /"body":"((?:[^"\\]|\\.)*)"/g;

/** Law I13 on real processes: texts whose deletion or edit was acknowledged, and answers that hold them all the same. */
export class GoneBodies {
  /** The latest state of each message that an answer told. */
  readonly #latest = new Map<string, { rev: number; body: string }>();
  /** When an answer told that a text is gone, by text. Every text is used once. */
  readonly #goneAt = new Map<string, number>();

  /** An answer told a message as it stood. */
  acknowledged({ id, rev, body }: { id: string; rev: number; body: string }, now: number): void {
    const known = this.#latest.get(id);
    const isNewer = known === undefined || rev > known.rev;
    if (isNewer) this.#latest.set(id, { rev, body });
    const former = isNewer ? known?.body : body;
    if (former && former !== this.#latest.get(id)!.body && !this.#goneAt.has(former)) this.#goneAt.set(former, now);
  }

  /** Returns a text in an answer that was known to be gone before its request was sent. */
  find(answer: unknown, askedAt: number): string | undefined {
    for (const [, body] of JSON.stringify(answer ?? null).matchAll(bodyPattern)) {
      const text = JSON.parse(`"${body}"`) as string;
      if ((this.#goneAt.get(text) ?? Infinity) < askedAt) return text;
    }
    return undefined;
  }
}
