import {
  compareEmoji,
  type Conversation,
  type ConversationChange,
  type Message,
  type OwnReaction,
  quoteOf,
  type Sending,
  mentionKeys,
} from '@cloudhop/contracts';

interface Reaction {
  readonly on: boolean;
  readonly rev: number;
}

/** One message as it is stored: its own columns, its reactions, and both as the unit that readers see. */
interface Entry {
  /** `rev` is that of the text alone. */
  readonly text: Message;
  /** By emoji, then by user. One that was taken off stays with its rev. */
  readonly reactions: ReadonlyMap<string, ReadonlyMap<string, Reaction>>;
  readonly unit: Message;
}

export interface ModelKey {
  readonly seq: number;
  readonly authorId: string;
  readonly isEdit: boolean;
}

/**
 * Log of one conversation: dense seqs, dense revs, tombstones, keys that outlive the text. Its answers are frozen, so that
 * no reader can change those of another.
 */
export class ModelLog {
  /** By seq - 1. */
  #entries: Entry[] = [];
  #keys = new Map<string, ModelKey>();
  seq = 0;
  rev = 0;
  floorSeq = 0;
  /** The rev at which the floor last rose. */
  floorRev = 0;
  lastAt: string | undefined;

  constructor(
    readonly id: string,
    readonly kind: Conversation['kind'],
  ) {}

  /** The log as it is now; neither sees what later happens to the other. */
  copy(): ModelLog {
    const copy = new ModelLog(this.id, this.kind);
    const { seq, rev, floorSeq, floorRev, lastAt } = this;
    Object.assign(copy, { seq, rev, floorSeq, floorRev, lastAt });
    copy.#entries = [...this.#entries];
    copy.#keys = new Map(this.#keys);
    return copy;
  }

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

  /**
   * The messages above the floor with from ≤ seq ≤ to: text and reactions as one unit, whose rev is the greater of
   * both.
   */
  messages(from = 1, to = this.seq): Message[] {
    return this.#entries
      .slice(Math.max(from, this.floorSeq + 1) - 1, Math.max(0, to))
      .map(({ unit }) => this.#quoted(unit));
  }

  at(seq: number): Message | undefined {
    const unit = seq > this.floorSeq ? this.#entries[seq - 1]?.unit : undefined;
    return unit && this.#quoted(unit);
  }

  find(id: string): Message | undefined {
    const key = this.#keys.get(id);
    return key && !key.isEdit ? this.at(key.seq) : undefined;
  }

  key(id: string): ModelKey | undefined {
    return this.#keys.get(id);
  }

  mineOf(userId: string, seqs: Iterable<number>): OwnReaction[] {
    return [...new Set(seqs)]
      .sort((a, b) => a - b)
      .flatMap((seq) => this.#ownOf(userId, seq).map((emoji) => ({ seq, emoji })));
  }

  isOn(userId: string, seq: number, emoji: string): boolean {
    return this.#entries[seq - 1]?.reactions.get(emoji)?.get(userId)?.on ?? false;
  }

  /** Returns true if a message with this id was ever stored here. */
  hasKey(id: string): boolean {
    return this.#keys.get(id)?.isEdit === false;
  }

  append(
    authorId: string,
    id: string,
    body: string,
    at: string,
    { replyTo, isForwarded }: Sending = {},
  ): ConversationChange {
    const seq = ++this.seq;
    const rev = ++this.rev;
    const conversationId = this.id;
    const rest = {
      ...(replyTo !== undefined && { replyTo }),
      ...(isForwarded && { isForwarded }),
      reactions: [],
      attachments: [],
    };
    const text: Message = { conversationId, id, seq, rev, authorId, body, createdAt: at, ...rest };
    this.lastAt = at;
    this.#keys.set(id, { seq, authorId, isEdit: false });
    return { kind: 'message', rev, message: this.#put(text, new Map()) };
  }

  /** Gives nothing when the editId is known: a retry. */
  edit(id: string, body: string, editId: string, at: string): ConversationChange | undefined {
    if (this.#keys.has(editId)) return undefined;
    const { text, reactions } = this.#entryOf(id);
    this.#keys.set(editId, { seq: text.seq, authorId: text.authorId, isEdit: true });
    const rev = ++this.rev;
    const { reactions: none, attachments, ...rest } = text;
    const kept = keptMentions(text, body);
    const edited: Message = { ...rest, rev, body, editedAt: at, reactions: none, attachments };
    const message = this.#put({ ...edited, ...(kept && { mentionKeys: kept }) }, reactions);
    return { kind: 'message', rev, message };
  }

  delete(id: string, at: string): ConversationChange | undefined {
    const { text } = this.#entryOf(id);
    if (text.deletedAt !== undefined) return undefined;
    const rev = ++this.rev;
    const {
      reactions: _,
      attachments,
      editedAt: __,
      replyTo: ___,
      isForwarded: ____,
      mentionKeys: _____,
      ...rest
    } = text;
    const message = { ...rest, rev, body: '', deletedAt: at, reactions: [], attachments };
    return { kind: 'deleted', rev, message: this.#put(message, new Map()) };
  }

  react(userId: string, id: string, emoji: string, on: boolean): ConversationChange | undefined {
    const { text, reactions } = this.#entryOf(id);
    if (text.deletedAt !== undefined || this.isOn(userId, text.seq, emoji) === on) return undefined;
    const rev = ++this.rev;
    const byUser = new Map(reactions.get(emoji)).set(userId, { on, rev });
    this.#put(text, new Map(reactions).set(emoji, byUser));
    return { kind: 'reaction', rev, seq: text.seq, emoji, count: countOf(byUser), userId, on };
  }

  raiseFloor(floorSeq: number): ConversationChange | undefined {
    if (floorSeq <= this.floorSeq || floorSeq > this.seq) return undefined;
    this.floorSeq = floorSeq;
    this.floorRev = ++this.rev;
    return { kind: 'floor', rev: this.rev, floorSeq };
  }

  /** Rows that changed after `rev` as they are now, by their own rev. */
  changedSince(rev: number): ConversationChange[] {
    return this.messages()
      .filter((message) => message.rev > rev)
      .sort((a, b) => a.rev - b.rev)
      .map((message) => ({ kind: message.deletedAt === undefined ? 'message' : 'deleted', rev: message.rev, message }));
  }

  /** Rows of storage behind `changedSince`: texts and reactions count one each. */
  countChangedSince(rev: number): number {
    let count = 0;
    for (const { text, reactions } of this.#entries.slice(this.floorSeq)) {
      if (text.rev > rev) count++;
      for (const byUser of reactions.values()) for (const reaction of byUser.values()) if (reaction.rev > rev) count++;
    }
    return count;
  }

  #entryOf(id: string): Entry {
    return this.#entries[this.#keys.get(id)!.seq - 1]!;
  }

  #put(text: Message, reactions: Entry['reactions']): Message {
    const unit = deepFreeze(toUnit(text, reactions));
    this.#entries[text.seq - 1] = { text, reactions, unit };
    return this.#quoted(unit);
  }

  /** A reply with what it answers as that stands now; its rev is that of the text alone. */
  #quoted(unit: Message): Message {
    const answered = unit.replyTo === undefined ? undefined : this.#keys.get(unit.replyTo);
    if (answered === undefined || answered.seq <= this.floorSeq) return unit;
    return Object.freeze({ ...unit, quote: Object.freeze(quoteOf(this.#entries[answered.seq - 1]!.text)) });
  }

  #ownOf(userId: string, seq: number): string[] {
    const entry = seq > this.floorSeq ? this.#entries[seq - 1] : undefined;
    if (!entry) return [];
    return [...entry.reactions]
      .filter(([, byUser]) => byUser.get(userId)?.on === true)
      .map(([emoji]) => emoji)
      .sort(compareEmoji);
  }
}

/**
 * Returns the mention keys that a message keeps after an edit, which notifies nobody new; undefined if no text has any.
 */
function keptMentions({ body: former, mentionKeys: known }: Message, body: string): string[] | undefined {
  const [before, after] = [known ?? mentionKeys(former), mentionKeys(body)];
  if (known === undefined && before.length + after.length === 0) return undefined;
  return before.filter((key) => after.includes(key));
}

function toUnit(text: Message, reactions: Entry['reactions']): Message {
  let { rev } = text;
  const counts: Message['reactions'] = [];
  for (const [emoji, byUser] of reactions) {
    for (const reaction of byUser.values()) rev = Math.max(rev, reaction.rev);
    const count = countOf(byUser);
    if (count > 0) counts.push({ emoji, count });
  }
  return { ...text, rev, reactions: counts.sort((a, b) => compareEmoji(a.emoji, b.emoji)) };
}

function countOf(byUser: ReadonlyMap<string, Reaction>): number {
  let count = 0;
  for (const { on } of byUser.values()) if (on) count++;
  return count;
}

function deepFreeze(message: Message): Message {
  for (const reaction of message.reactions) Object.freeze(reaction);
  Object.freeze(message.reactions);
  Object.freeze(message.attachments);
  return Object.freeze(message);
}
