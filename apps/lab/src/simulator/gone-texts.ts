import { type FeedChange, type FeedFrame, parseFeed } from '@cloudhop/api/realtime';
import type { ConversationChange } from '@cloudhop/contracts';

const textPattern = /«[^»]*»/g;

/** Returns a text that no other message has, so that it can be found in any frame or answer. */
export function uniqueText(id: string): string {
  return `«${id}»`;
}

/**
 * Check of I13: knows the texts that were deleted, edited away or removed by retention, and finds them in answers and
 * frames.
 */
export class GoneTexts {
  /** Texts of each message, the latest last; empty once deleted. By conversation, by seq. */
  readonly #texts = new Map<string, Map<number, string[]>>();
  /** The count of writes at which a text went from the database. */
  readonly #goneAt = new Map<string, number>();
  /** By node: the texts of which it has emitted that they are gone. */
  readonly #emitted = new Map<number, Set<string>>();
  #writes = 0;

  /** The count of writes so far: a request that arrives now is answered without any text that is gone by now. */
  get now(): number {
    return this.#writes;
  }

  /** Forgets everything. For another timeline, which may have deleted texts again. */
  clear(): void {
    this.#texts.clear();
    this.#goneAt.clear();
    this.#emitted.clear();
  }

  /** Records changes that were committed to the database. */
  written(conversationId: string, changes: readonly FeedChange[]): void {
    this.#writes++;
    for (const change of changes) {
      if (change.kind === 'message' || change.kind === 'deleted') {
        const texts = this.#textsOf(conversationId, change.message.seq);
        const [text = ''] = change.message.body.match(textPattern) ?? [];
        if (texts.at(-1) !== text) texts.push(text);
      }
      for (const text of this.#removedBy(conversationId, change))
        if (!this.#goneAt.has(text)) this.#goneAt.set(text, this.#writes);
    }
  }

  /** Records committed frames, which are emitted later. */
  writtenFrames(frames: readonly FeedFrame[]): void {
    for (const { feed, changes } of frames) {
      const { kind, id } = parseFeed(feed);
      if (kind === 'conversation') this.written(id, changes);
    }
  }

  /** Returns a text in an answer that was gone when its request arrived. */
  inAnswer(answer: unknown, arrivedAt: number): string | undefined {
    return textsIn(answer).find((text) => (this.#goneAt.get(text) ?? Infinity) <= arrivedAt);
  }

  /** Returns a text in what a node emits although it has emitted, maybe in the same frame, that the text is gone. */
  inFrame(nodeId: number, conversationId: string, changes: readonly ConversationChange[]): string | undefined {
    const emitted = this.#emitted.get(nodeId) ?? new Set();
    this.#emitted.set(nodeId, emitted);
    for (const change of changes) for (const text of this.#removedBy(conversationId, change)) emitted.add(text);
    return textsIn(changes).find((text) => emitted.has(text));
  }

  /** Returns the texts that a change removes. */
  #removedBy(conversationId: string, change: FeedChange): string[] {
    if (change.kind === 'floor') {
      const all = [...(this.#texts.get(conversationId) ?? [])];
      return all.flatMap(([seq, texts]) => (seq <= change.floorSeq ? texts : [])).filter((text) => text !== '');
    }
    if (change.kind !== 'message' && change.kind !== 'deleted') return [];
    const texts = this.#textsOf(conversationId, change.message.seq);
    const [text = ''] = change.message.body.match(textPattern) ?? [];
    return texts.slice(0, Math.max(0, texts.indexOf(text)));
  }

  #textsOf(conversationId: string, seq: number): string[] {
    const bySeq = this.#texts.get(conversationId) ?? new Map<number, string[]>();
    this.#texts.set(conversationId, bySeq);
    const texts = bySeq.get(seq) ?? [];
    bySeq.set(seq, texts);
    return texts;
  }
}

function textsIn(value: unknown): string[] {
  return JSON.stringify(value ?? null).match(textPattern) ?? [];
}
