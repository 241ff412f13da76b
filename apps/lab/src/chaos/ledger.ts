import type { ExpiredMessage, Message, Reply, RequestName } from '@cloudhop/contracts';
import { GoneBodies } from './gone-bodies';

/** A message that somebody typed, and what the server said of it. */
export interface SentMessage {
  id: string;
  device: string;
  body: string;
  /** Milliseconds on this machine's clock, as are all times here. */
  queuedAt: number;
  acknowledgedAt?: number;
  /** As acknowledged. */
  seq?: number;
}

/** A change that the server acknowledged, with the message as it stood then. */
export interface AcknowledgedChange {
  kind: 'edit' | 'delete' | 'react';
  userId: string;
  messageId: string;
  editId?: string;
  emoji?: string;
  on?: boolean;
  reply: Message;
}

interface SentPayload {
  id: string;
  editId?: string;
  emoji?: string;
  on?: boolean;
}

/** Text in everything that is forged on the bus. Nothing else has it. */
export const forgedMark = 'FORGED';

const changeKinds: Partial<Record<RequestName, AcknowledgedChange['kind']>> = {
  'message:edit': 'edit',
  'message:delete': 'delete',
  'message:react': 'react',
};

/** Record of what people did and what was acknowledged. The verdict compares the end with it. */
export class Ledger {
  /** By id, in the order in which they were typed. */
  readonly sends = new Map<string, SentMessage>();
  readonly changes: AcknowledgedChange[] = [];
  /** Messages of which somebody queued another text. */
  readonly edited = new Set<string>();
  /** Messages that devices took away and did not bring back: `device message`. */
  readonly #removals = new Set<string>();
  /** Acknowledgements that contradict an earlier one. */
  readonly contradictions: string[] = [];
  readonly #gone = new GoneBodies();
  /** Answers that held a text although their request was sent after its deletion was acknowledged. */
  readonly leaks: string[] = [];
  /** Sentences about forged messages that arrived. */
  readonly forged: string[] = [];

  typed(device: string, id: string, body: string): void {
    this.sends.set(id, { id, device, body, queuedAt: Date.now() });
  }

  removed(device: string, messageId: string): void {
    this.#removals.add(`${device} ${messageId}`);
  }

  broughtBack(device: string, messageId: string): void {
    this.#removals.delete(`${device} ${messageId}`);
  }

  get removedMessages(): ReadonlySet<string> {
    return new Set([...this.#removals].map((removal) => removal.split(' ')[1]!));
  }

  /** Records what arrived at a device: a fact, or the answer to a request, as text. */
  received(device: string, name: string, text: string): void {
    if (text.includes(forgedMark)) this.forged.push(`${device} received a forged ${name}: ${text.slice(0, 200)}`);
  }

  /** Records what an answer promises. `askedAt` is the time at which its request was sent. */
  answered(userId: string, name: RequestName, payload: unknown, answer: unknown, askedAt = Date.now()): void {
    const reply = answer as Reply<Message | ExpiredMessage>;
    const { id, editId, emoji, on } = payload as SentPayload;
    const leaked = this.#gone.find(answer, askedAt);
    if (leaked !== undefined) this.leaks.push(`${name} answered “${leaked}”, which was gone`);
    if (!reply.ok) return;
    if (name.startsWith('message:') && 'body' in reply.data) this.#gone.acknowledged(reply.data, Date.now());
    if (name === 'message:send') return this.#acknowledged(id, reply.data.seq);
    const kind = changeKinds[name];
    if (!kind || 'expired' in reply.data) return;
    this.changes.push({
      kind,
      userId,
      messageId: id,
      reply: reply.data,
      ...(editId !== undefined && { editId }),
      ...(emoji !== undefined && { emoji }),
      ...(on !== undefined && { on }),
    });
  }

  #acknowledged(id: string, seq: number): void {
    const send = this.sends.get(id);
    if (!send) return void this.contradictions.push(`${id} was acknowledged although nobody typed it`);
    if (send.seq !== undefined && send.seq !== seq)
      this.contradictions.push(`${id} was acknowledged as ${send.seq} and as ${seq}`);
    send.seq = seq;
    send.acknowledgedAt ??= Date.now();
  }
}
