import {
  compareEmoji,
  type Conversation,
  type ConversationChange,
  type Message,
  type OwnReaction,
} from '@cloudhop/contracts';

export interface ModelReaction {
  seq: number;
  emoji: string;
  userId: string;
  on: boolean;
  rev: number;
}

/** The log of one conversation as the design has it: dense seqs, dense revs, tombstones, keys that outlive the text. */
export class ModelLog {
  readonly #messages = new Map<number, Message>();
  readonly #seqById = new Map<string, { seq: number; authorId: string }>();
  readonly #edits = new Set<string>();
  #reactions: ModelReaction[] = [];
  readonly banned = new Set<string>();
  seq = 0;
  rev = 0;
  floorSeq = 0;
  lastAt: string | undefined;

  constructor(
    readonly id: string,
    readonly kind: Conversation['kind'],
  ) {}

  conversation(): Conversation {
    return {
      id: this.id,
      kind: this.kind,
      slowModeMs: 0,
      seq: this.seq,
      rev: this.rev,
      floorSeq: this.floorSeq,
      ...(this.lastAt !== undefined && { lastAt: this.lastAt }),
      role: 'member',
    };
  }

  /** The message as readers see it: text and reactions as one unit, whose rev is the greater of both. */
  read(seq: number): Message {
    const message = this.#messages.get(seq)!;
    const own = this.#reactions.filter((reaction) => reaction.seq === seq);
    const rev = Math.max(message.rev, ...own.map((reaction) => reaction.rev));
    if (message.deletedAt !== undefined) return { ...message, rev, reactions: [] };
    const emojis = [...new Set(own.filter(({ on }) => on).map(({ emoji }) => emoji))].sort(compareEmoji);
    return { ...message, rev, reactions: emojis.map((emoji) => ({ emoji, count: this.#count(seq, emoji) })) };
  }

  messages(): Message[] {
    return [...this.#messages.keys()].filter((seq) => seq > this.floorSeq).map((seq) => this.read(seq));
  }

  find(id: string): Message | undefined {
    const known = this.#seqById.get(id);
    return known && known.seq > this.floorSeq ? this.read(known.seq) : undefined;
  }

  key(id: string): { seq: number; authorId: string } | undefined {
    return this.#seqById.get(id);
  }

  mineOf(userId: string, seqs: Iterable<number>): OwnReaction[] {
    const wanted = new Set(seqs);
    return this.#reactions
      .filter((reaction) => reaction.userId === userId && reaction.on && wanted.has(reaction.seq))
      .filter(({ seq }) => this.#messages.get(seq)?.deletedAt === undefined)
      .map(({ seq, emoji }) => ({ seq, emoji }));
  }

  append(authorId: string, id: string, body: string, at: string): ConversationChange {
    const seq = ++this.seq;
    const message: Message = {
      conversationId: this.id,
      id,
      seq,
      rev: ++this.rev,
      authorId,
      body,
      createdAt: at,
      reactions: [],
      attachments: [],
    };
    this.lastAt = at;
    this.#messages.set(seq, message);
    this.#seqById.set(id, { seq, authorId });
    return { kind: 'message', rev: this.rev, message };
  }

  /** Gives nothing when the editId is known: a retry. */
  edit(id: string, body: string, editId: string, at: string): ConversationChange | undefined {
    if (this.#edits.has(editId)) return undefined;
    this.#edits.add(editId);
    return this.#change(id, { body, editedAt: at }, 'message');
  }

  delete(id: string, at: string): ConversationChange | undefined {
    if (this.find(id)!.deletedAt !== undefined) return undefined;
    return this.#change(id, { body: '', deletedAt: at }, 'deleted');
  }

  react(userId: string, id: string, emoji: string, on: boolean): ConversationChange | undefined {
    const { seq, deletedAt } = this.find(id)!;
    const before = this.#reactions.find((each) => each.seq === seq && each.emoji === emoji && each.userId === userId);
    if (deletedAt !== undefined || (before?.on ?? false) === on) return undefined;
    this.#reactions = this.#reactions.filter((each) => each !== before);
    this.#reactions.push({ seq, emoji, userId, on, rev: ++this.rev });
    return { kind: 'reaction', rev: this.rev, seq, emoji, count: this.#count(seq, emoji), userId, on };
  }

  raiseFloor(floorSeq: number): ConversationChange | undefined {
    if (floorSeq <= this.floorSeq || floorSeq > this.seq) return undefined;
    this.floorSeq = floorSeq;
    return { kind: 'floor', rev: ++this.rev, floorSeq };
  }

  /** Rows that changed after `rev` as they are now, by their own rev. */
  changedSince(rev: number): ConversationChange[] {
    return this.messages()
      .filter((message) => message.rev > rev)
      .sort((a, b) => a.rev - b.rev)
      .map((message) => ({ kind: message.deletedAt === undefined ? 'message' : 'deleted', rev: message.rev, message }));
  }

  #change(id: string, change: Partial<Message>, kind: 'message' | 'deleted'): ConversationChange {
    const { seq } = this.#seqById.get(id)!;
    this.#messages.set(seq, { ...this.#messages.get(seq)!, ...change, rev: ++this.rev });
    return { kind, rev: this.rev, message: this.read(seq) };
  }

  #count(seq: number, emoji: string): number {
    return this.#reactions.filter((each) => each.seq === seq && each.emoji === emoji && each.on).length;
  }
}
