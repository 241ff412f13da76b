import { type FeedFrame, conversationFeed, personalFeed } from '@cloudhop/api/realtime';
import type { ConversationChange } from '@cloudhop/contracts';
import type { Commit, ModelDatabase, PeopleVerdict, Verdict } from '@cloudhop/sdk/testing';
import type { NodePart } from './parts';
import { Refusal, type Task, moment, statement } from './tasks';

const batchOperations = 4;
const maxAttempts = 5;
const readMarkIntervalMs = 1_000;

interface Waiting {
  readonly operation: Commit;
  attempts: number;
  readonly tell: (verdict: Verdict | Refusal) => void;
}

interface Mark {
  seq: number;
  readonly waiting: ((stored: boolean) => void)[];
}

/** The node's group commits: of the log, and of read marks. */
export class NodeCommits {
  readonly #waiting: Waiting[] = [];
  #isBusy = false;
  readonly #marks = new Map<string, Mark>();

  constructor(private readonly node: NodePart) {}

  *submit(operation: Commit): Task<Verdict> {
    let answer: Verdict | Refusal | undefined;
    yield* moment((resume) => {
      this.#waiting.push({
        operation,
        attempts: 0,
        tell: (verdict) => {
          answer = verdict;
          resume();
        },
      });
      this.#run();
    });
    if (answer instanceof Refusal) throw answer;
    return answer!;
  }

  /** Returns once the mark, or a later one, is stored. */
  *moveMark(userId: string, conversationId: string, seq: number): Task<void> {
    const key = `${userId} ${conversationId}`;
    let isStored = false;
    yield* moment((resume) => {
      const mark = this.#marks.get(key) ?? { seq, waiting: [] };
      mark.seq = Math.max(mark.seq, seq);
      mark.waiting.push((stored) => {
        isStored = stored;
        resume();
      });
      if (!this.#marks.has(key)) this.node.after(readMarkIntervalMs, () => this.#flush(key, userId, conversationId));
      this.#marks.set(key, mark);
    });
    if (!isStored) throw new Refusal('unavailable');
  }

  #flush(key: string, userId: string, conversationId: string): void {
    const mark = this.#marks.get(key)!;
    this.#marks.delete(key);
    const store = statement((database) => database.markRead(userId, conversationId, mark.seq));
    this.node.run(store, (outcome) => {
      const change = outcome.ok ? outcome.value : undefined;
      if (change) {
        const { rev } = change;
        const frame = { feed: personalFeed(userId), fromRev: rev - 1, toRev: rev, changes: [change], users: [] };
        this.node.feeds.publish(frame);
      }
      for (const tell of mark.waiting) tell(outcome.ok);
    });
  }

  #run(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    this.node.after(0, () => {
      const batch = this.#waiting.splice(0, batchOperations);
      const { laws } = this.node.world;
      const commit = statement((database) => {
        const verdicts = database.commit(batch.map(({ operation }) => operation));
        for (const { index, change } of verdicts)
          if (change) laws.gone.written(batch[index]!.operation.conversationId, [change]);
        return verdicts;
      });
      this.node.run(commit, (outcome) => {
        if (outcome.ok) this.#settle(batch, outcome.value);
        else this.#retry(batch, outcome.refusal);
      });
    });
  }

  #settle(batch: readonly Waiting[], verdicts: readonly Verdict[]): void {
    const again: Waiting[] = [];
    for (const verdict of verdicts) {
      const waiting = batch[verdict.index]!;
      if (verdict.outcome === 'again') again.push(waiting);
      else waiting.tell(verdict);
    }
    this.#waiting.unshift(...again);
    // Senders first, then everybody: a node can die between the two.
    this.node.after(0, () => this.#tell(batch, verdicts));
    this.#isBusy = false;
    this.#run();
  }

  /** The outcome may be unknown: every operation is idempotent by its key. */
  #retry(batch: readonly Waiting[], refusal: Refusal): void {
    for (const waiting of batch) waiting.attempts++;
    const isTired = ({ attempts }: Waiting) => attempts >= maxAttempts;
    for (const waiting of batch.filter(isTired)) waiting.tell(refusal);
    this.#waiting.unshift(...batch.filter((waiting) => !isTired(waiting)));
    this.node.after(100, () => {
      this.#isBusy = false;
      this.#run();
    });
  }

  #tell(batch: readonly Waiting[], verdicts: readonly Verdict[]): void {
    const changes = new Map<string, ConversationChange[]>();
    for (const { index, change } of verdicts) {
      if (!change) continue;
      const { conversationId } = batch[index]!.operation;
      changes.set(conversationId, [...(changes.get(conversationId) ?? []), change]);
    }
    for (const [conversationId, all] of changes) {
      all.sort((a, b) => a.rev - b.rev);
      const users = this.node.world.database.peopleOf(batch.map(({ operation }) => operation.userId));
      this.node.feeds.publish(frameOf(conversationId, all, users));
    }
  }
}

export function frameOf(
  conversationId: string,
  changes: readonly ConversationChange[],
  users: FeedFrame['users'] = [],
): FeedFrame {
  const feed = conversationFeed(conversationId);
  return { feed, fromRev: changes[0]!.rev - 1, toRev: changes.at(-1)!.rev, changes, users };
}

/** Returns the frames of personal feeds for a change between people. Every change has its own rev. */
export function personalFrames(database: ModelDatabase, told: PeopleVerdict['told']): FeedFrame[] {
  return told.map(({ userId, change }) => ({
    feed: personalFeed(userId),
    fromRev: change.rev - 1,
    toRev: change.rev,
    changes: [change],
    users: database.peopleOf([
      ...told.map((each) => each.userId),
      ...(change.kind === 'block' ? [change.block.userId] : []),
    ]),
  }));
}
