import { type Message, quoteOf } from '@cloudhop/contracts';
import type { FeedChange } from './feed';

/** Latest states that one frame holds. Earlier changes of the feed are folded by them (I13). */
export class LatestStates {
  /** By seq. */
  readonly #messages = new Map<number, { rev: number; message: Message }>();
  /** The rev of the latest change, by subject. */
  readonly #subjects = new Map<string, number>();
  #floorSeq = 0;

  /** True if no earlier change can be out of date. */
  get isEmpty(): boolean {
    return this.#messages.size === 0 && this.#subjects.size === 0 && this.#floorSeq === 0;
  }

  /**
   * Adds a change. `headSeq` is the highest seq before it: a message above it is new, so no earlier change holds it.
   */
  add(change: FeedChange, headSeq: number): void {
    if (change.kind === 'message' || change.kind === 'deleted') {
      const { rev, message } = change;
      if (message.seq <= headSeq) this.#messages.set(message.seq, { rev, message });
    } else if (change.kind === 'floor') this.#floorSeq = Math.max(this.#floorSeq, change.floorSeq);
    else {
      const subject = subjectOf(change);
      if (subject !== undefined) this.#subjects.set(subject, change.rev);
    }
  }

  /** Returns `changes` without superseded states and messages below the floor, and with quotes as they are now. */
  fold(changes: readonly FeedChange[]): FeedChange[] {
    return changes.flatMap((change) => this.#latest(change) ?? []);
  }

  #latest(change: FeedChange): FeedChange | undefined {
    switch (change.kind) {
      case 'message':
      case 'deleted':
        if (this.#isSuperseded(change.message.seq, change.rev)) return undefined;
        return this.#requote(change);
      case 'reaction':
        return this.#isSuperseded(change.seq, change.rev) ? undefined : change;
      default: {
        const subject = subjectOf(change);
        return subject !== undefined && change.rev < (this.#subjects.get(subject) ?? 0) ? undefined : change;
      }
    }
  }

  #isSuperseded(seq: number, rev: number): boolean {
    return seq <= this.#floorSeq || rev < (this.#messages.get(seq)?.rev ?? 0);
  }

  #requote<C extends FeedChange & { message: Message }>(change: C): C {
    const { quote, ...message } = change.message;
    if (quote === undefined) return change;
    if (quote.seq <= this.#floorSeq) return { ...change, message };
    const answered = this.#messages.get(quote.seq)?.message;
    if (answered === undefined || answered.rev < quote.rev) return change;
    return { ...change, message: { ...message, quote: quoteOf(answered) } };
  }
}

/**
 * Returns the key of the state that a change sets, if that state holds words of people. Returns undefined for changes that
 * give or take the right to read: none of them is folded, because the node acts on each.
 */
function subjectOf(change: FeedChange): string | undefined {
  switch (change.kind) {
    case 'settings':
    case 'user':
      return change.kind;
    case 'draft':
      return `draft ${change.draft.conversationId}`;
    case 'friend':
      return `friend ${change.friend.userId}`;
    default:
      return undefined;
  }
}
