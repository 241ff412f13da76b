import { type User, authorsOf } from '@cloudhop/contracts';
import { type FeedChange, type FeedFrame, type FeedHead, type FeedKey, type FeedPage, weigh } from './feed';
import { LatestStates } from './latest-states';

export interface SequencerOptions {
  /** Time that an early frame waits for the one before it. */
  earlyFrameMs: number;
  /** Changes kept for syncs. */
  ring: number;
  /** Changes and bytes of one emitted frame. */
  frameChanges: number;
  frameBytes: number;
  isCutOff: (change: FeedChange) => boolean;
}

/**
 * Orders the frames of one feed. Takes own commits, frames of other nodes and repairs, in any order, duplicated or with
 * holes; returns one gapless stream. Pure: no clock, no timers, no I/O, so that a simulator can run it unchanged.
 */
export class Sequencer {
  /** Head up to which no change is missing; undefined until `start`. */
  #head: FeedHead | undefined;
  /** The rev up to which frames were handed out by `take`. */
  #emitted = 0;
  #queue: FeedChange[] = [];
  #held: FeedFrame[] = [];
  #heldSince = 0;
  /** Highest head that was seen elsewhere. */
  #target = 0;
  #isRepairing = false;
  /**
   * True while a repair has more pages. They hold latest states by their last rev, so a message whose text changed
   * early and whose reactions changed late is still to come: a live reaction must not be taken for the whole of it.
   */
  #isPaging = false;
  #mustEmitGap = false;
  #ring: FeedChange[] = [];
  /** The ring holds every change after this rev. */
  #ringFrom = 0;
  readonly #users = new Map<string, User>();

  constructor(
    readonly feed: FeedKey,
    private readonly options: SequencerOptions,
  ) {}

  get head(): FeedHead | undefined {
    return this.#head;
  }

  /** True while something is waiting for a repair or for the frame before it. */
  get isBehind(): boolean {
    return this.#isPaging || this.#held.length > 0 || (this.#head !== undefined && this.#target > this.#head.rev);
  }

  /** True while Postgres has a head above the own one: a change in between may take somebody's right to read. */
  get isBelowHead(): boolean {
    return this.#head !== undefined && this.#target > this.#head.rev;
  }

  /** Starts at a head that was read after the subscription. Frames that arrived meanwhile are put in order. */
  start(head: FeedHead, now: number): void {
    this.#head = { ...head };
    this.#emitted = head.rev;
    this.#ringFrom = head.rev;
    this.#drainHeld(now);
  }

  /** Drops all state, because the timeline of the database has changed. Nothing is known or emitted until `restart`. */
  forget(): void {
    this.#head = undefined;
    this.#held = [];
    this.#queue = [];
    this.#ring = [];
    this.#users.clear();
    this.#isRepairing = false;
    this.#isPaging = false;
  }

  /** Restarts at a head of the new timeline. Subscribers see a gap and sync. */
  restart(head: FeedHead): void {
    this.#held = [];
    this.#target = 0;
    this.#isRepairing = false;
    this.#isPaging = false;
    this.#jumpTo(head);
  }

  accept(frame: FeedFrame, now: number): void {
    const head = this.#head;
    if (head !== undefined && frame.toRev <= head.rev) return;
    if (head === undefined || this.#isPaging || frame.fromRev > head.rev) {
      if (this.#held.length === 0) this.#heldSince = now;
      this.#held.push(frame);
      return;
    }
    this.#apply(frame, head);
    this.#drainHeld(now);
  }

  /** Takes a head that was seen elsewhere. If it is above the own head, a repair is due at once. */
  noticeHead(rev: number): void {
    this.#target = Math.max(this.#target, rev);
  }

  /** Updates a user, so that waiting frames hold the current profile. */
  noticeUser(user: User): void {
    if ((this.#users.get(user.id)?.profileRev ?? Infinity) < user.profileRev) this.#users.set(user.id, user);
  }

  /** Returns milliseconds until a repair is due; undefined if nothing is missing. */
  repairWait(now: number): number | undefined {
    const head = this.#head;
    if (head === undefined || this.#isRepairing || !this.isBehind) return undefined;
    if (this.#isPaging || this.#target > head.rev) return 0;
    return Math.max(0, this.#heldSince + this.options.earlyFrameMs - now);
  }

  /**
   * Begins a repair that is due, and returns the rev after which changes must be read from Postgres; undefined if none
   * is due.
   */
  beginRepair(now: number): number | undefined {
    if (this.repairWait(now) !== 0) return undefined;
    this.#isRepairing = true;
    return this.#head!.rev;
  }

  /** Ends the repair with the page that was read, or with undefined if reading failed. */
  endRepair(fromRev: number, page: FeedPage | undefined, now: number): void {
    // The repair belongs to a former timeline.
    if (!this.#isRepairing) return;
    this.#isRepairing = false;
    if (page === undefined) {
      this.#heldSince = now;
      return;
    }
    this.#isPaging = false;
    if (page.isReset) {
      if (page.head.rev !== this.#head?.rev) this.#jumpTo(page.head);
    } else {
      this.noticeHead(page.head.rev);
      const { toRev, changes, users, hasMore } = page;
      const head = this.#head!;
      if (fromRev <= head.rev && toRev > head.rev)
        this.#apply({ feed: this.feed, fromRev, toRev, changes, users }, head);
      this.#isPaging = hasMore;
    }
    this.#drainHeld(now);
  }

  /** True when `take` has something to hand out. */
  get hasFrame(): boolean {
    return this.#mustEmitGap || (this.#head !== undefined && this.#emitted < this.#head.rev);
  }

  /** Returns the next frame to emit: in order, bounded, and ending at a change that takes a right to read. */
  take(): FeedFrame | undefined {
    const head = this.#head;
    if (head === undefined || !this.hasFrame) return undefined;
    if (this.#mustEmitGap) {
      // An empty frame at the head: clients that are behind see a gap and sync.
      this.#mustEmitGap = false;
      return { feed: this.feed, fromRev: this.#emitted, toRev: this.#emitted, changes: [], users: [] };
    }
    let count = 0;
    let bytes = 0;
    while (count < this.#queue.length && count < this.options.frameChanges) {
      bytes += weigh(this.#queue[count]!);
      if (count > 0 && bytes > this.options.frameBytes) break;
      if (this.options.isCutOff(this.#queue[count++]!)) break;
    }
    const changes = this.#queue.splice(0, count);
    const toRev = this.#queue.length === 0 ? head.rev : changes.at(-1)!.rev;
    const frame = { feed: this.feed, fromRev: this.#emitted, toRev, changes, users: this.#usersOf(changes) };
    this.#emitted = toRev;
    return frame;
  }

  /**
   * Returns the changes after `rev` from memory, as latest states. Returns undefined if memory doesn't reach back to
   * `rev`; if it is behind `headRev`, the head that the caller has just read, because it may hold a deleted text (I13);
   * or if a change is a reaction, which applies only onto all earlier changes of its message.
   */
  since(rev: number, headRev: number): FeedPage | undefined {
    const head = this.#head;
    if (head === undefined || head.rev < headRev || this.isBehind) return undefined;
    if (rev < this.#ringFrom || rev > head.rev) return undefined;
    const changes = this.#ring.filter((change) => change.rev > rev);
    if (changes.some(({ kind }) => kind === 'reaction')) return undefined;
    const page = changes.slice(0, this.options.frameChanges);
    const hasMore = changes.length > page.length;
    return {
      head: { ...head },
      toRev: hasMore ? page.at(-1)!.rev : head.rev,
      isReset: false,
      hasMore,
      changes: page,
      users: this.#usersOf(page),
    };
  }

  #apply(frame: FeedFrame, head: FeedHead): void {
    for (const user of frame.users) {
      if ((this.#users.get(user.id)?.profileRev ?? 0) <= user.profileRev) this.#users.set(user.id, user);
    }
    const latest = new LatestStates();
    for (const change of frame.changes) {
      if (change.rev <= head.rev) continue;
      this.#queue.push(change);
      this.#ring.push(change);
      latest.add(change, head.seq);
      if (change.kind === 'message' || change.kind === 'deleted') head.seq = Math.max(head.seq, change.message.seq);
      if (change.kind === 'floor') head.floorSeq = Math.max(head.floorSeq, change.floorSeq);
    }
    head.rev = frame.toRev;
    if (!latest.isEmpty) {
      this.#queue = latest.fold(this.#queue);
      this.#ring = latest.fold(this.#ring);
    }
    this.#trimRing();
  }

  #drainHeld(now: number): void {
    const head = this.#head;
    if (head === undefined || this.#isPaging || this.#held.length === 0) return;
    this.#held.sort((a, b) => a.fromRev - b.fromRev);
    while (this.#held.length > 0 && this.#held[0]!.fromRev <= head.rev) {
      const frame = this.#held.shift()!;
      if (frame.toRev > head.rev) {
        this.#apply(frame, head);
        this.#heldSince = now;
      }
    }
  }

  #jumpTo(head: FeedHead): void {
    this.#head = { ...head };
    this.#emitted = head.rev;
    this.#queue = [];
    this.#ring = [];
    this.#ringFrom = head.rev;
    this.#users.clear();
    this.#mustEmitGap = true;
  }

  #trimRing(): void {
    const surplus = this.#ring.length - this.options.ring;
    if (surplus <= 0) return;
    const dropped = this.#ring.splice(0, surplus);
    this.#ringFrom = dropped.at(-1)!.rev;
    if (this.#users.size > 2 * this.options.ring) this.#forgetUsers();
  }

  #forgetUsers(): void {
    const needed = new Set(this.#usersOf([...this.#ring, ...this.#queue]));
    for (const [id, user] of this.#users) if (!needed.has(user)) this.#users.delete(id);
  }

  #usersOf(changes: readonly FeedChange[]): User[] {
    const users = new Map<string, User>();
    for (const id of changes.flatMap(peopleOf)) {
      const user = this.#users.get(id);
      if (user !== undefined) users.set(user.id, user);
    }
    return [...users.values()];
  }
}

function peopleOf(change: FeedChange): string[] {
  switch (change.kind) {
    case 'message':
    case 'deleted':
      return authorsOf(change.message);
    case 'reaction':
      return [change.userId];
    case 'member':
      return [change.member.userId];
    case 'user':
      return [change.user.id];
    case 'friend':
      return [change.friend.userId];
    case 'block':
      return [change.block.userId];
    case 'membership':
      return change.membership.invitation ? [change.membership.invitation.invitedBy] : [];
    default:
      return [];
  }
}
