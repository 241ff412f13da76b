const bodyPattern = /"body":"((?:[^"\\]|\\.)*)"/g;

/** Check of I13 on real processes: finds texts in answers although their deletion or edit was acknowledged. */
export class GoneBodies {
  /** Latest acknowledged state of each message. */
  readonly #latest = new Map<string, { rev: number; body: string }>();
  /** Time at which a text was acknowledged as gone, by text. Every text is used once. */
  readonly #goneAt = new Map<string, number>();

  /** Records the state of a message that an answer acknowledged. */
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
