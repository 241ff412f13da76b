import { setTimeout as wait } from 'node:timers/promises';
import type { User } from '@cloudhop/contracts';
import type { Chance } from '../chance';
import type { ApiNode } from './api-node';
import { Device } from './device';
import type { Ledger } from './ledger';
import { Line } from './line';
import { type Departure, type PresenceList, type ShownCount, lingering, presenceProblems } from './presence-verdict';
import type { PrivateRoom } from './private-room';
import { CookieJar } from './rest-api';

const listIntervalMs = 2_000;
const arriveWithinMs = 6_000;
const answerWithinMs = 4_000;
/** A server that was frozen has this long to notice what it slept through. */
const wakeMs = 3_000;
/** Numbers and lists agree on all servers this long after everything has healed. */
const agreeWithinMs = 6_000;
/** A number follows a list that has just changed, as somebody came back only now, within this time. */
const followWithinMs = 2_000;
const compareIntervalMs = 250;

interface ListReply {
  items: readonly User[];
  nextCursor?: string;
  count: number;
  isAtLeast?: true;
}

/** Asks all servers who is present, during the run and at its end. */
export class PresenceWatch {
  /** Sentences about users who were listed long after they had left. */
  readonly problems: string[] = [];
  readonly departures = new Map<string, Departure>();
  /** Lists that were read during the run. */
  listed = 0;
  /** Time from healing until all servers agreed; undefined if they did not in time. */
  agreedAfterMs: number | undefined;

  private constructor(
    private readonly nodes: readonly ApiNode[],
    private readonly room: PrivateRoom,
    /** One user with a device on each server. */
    readonly observers: readonly Device[],
    private readonly ledger: Ledger,
  ) {}

  static async start(
    nodes: readonly ApiNode[],
    room: PrivateRoom,
    ledger: Ledger,
    chance: Chance,
  ): Promise<PresenceWatch> {
    const jar = new CookieJar();
    const observers: Device[] = [];
    for (const [n, node] of nodes.entries()) {
      const line = await Line.open([node], chance.branch(`observer ${n}`));
      const observer = new Device({ name: `observer ${n}`, line, jar, ledger });
      await observer.start();
      await observer.whenSynced();
      await observer.joinRoom(room);
      observers.push(observer);
    }
    return new PresenceWatch(nodes, room, observers, ledger);
  }

  left(userId: string, name: string): void {
    this.departures.set(userId, { name, at: Date.now() });
  }

  /** Reads the lists of all servers until it is over, while guests come to each and stay until it dies. */
  async watch(chance: Chance, isOver: () => boolean): Promise<void> {
    await Promise.all(
      this.nodes.flatMap((_, n) => [this.#read(n, isOver), this.#visit(n, chance.branch(`visitors ${n}`), isOver)]),
    );
  }

  /**
   * Compares the lists of all servers and the numbers on all screens with `devices`, until they agree, or for six
   * seconds.
   */
  async compare(devices: readonly Device[]): Promise<void> {
    const here = [...devices, ...this.observers];
    const present = new Set(here.flatMap(({ userId }) => userId ?? []));
    const healedAt = Date.now();
    let last = { text: '', at: healedAt };
    for (;;) {
      const lists = await Promise.all(this.observers.flatMap((_, n) => this.#lists(n)));
      const missing = lists.flatMap((list) => (typeof list === 'string' ? [list] : []));
      const told = lists.flatMap((list) => (typeof list === 'string' ? [] : [list]));
      const problems = [...missing, ...presenceProblems(told, this.#shown(here), present, this.departures)];
      if (problems.length === 0) return void (this.agreedAfterMs = Date.now() - healedAt);
      const text = JSON.stringify(told.map(({ userIds, count }) => [userIds, count]));
      if (text !== last.text) last = { text, at: Date.now() };
      const now = Date.now();
      const isOver = now - healedAt > agreeWithinMs && now - last.at > followWithinMs;
      if (isOver || now - healedAt > 2 * agreeWithinMs) return void this.problems.push(...problems);
      await wait(compareIntervalMs);
    }
  }

  async #read(node: number, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await wait(listIntervalMs);
      for (const reading of this.#lists(node)) {
        const list = await reading;
        if (typeof list === 'string' || this.nodes[node]!.wasFrozenSince(list.askedAt - wakeMs)) continue;
        this.listed++;
        this.problems.push(...lingering(list, this.departures));
      }
    }
  }

  /** Lets one guest after the other come to a server, and stay until the connection ends. */
  async #visit(node: number, chance: Chance, isOver: () => boolean): Promise<void> {
    for (let n = 0; !isOver(); n++) {
      await wait(chance.between(200, 1_000));
      if (!this.nodes[node]!.isUp) continue;
      const line = await Line.open([this.nodes[node]!], chance.branch(String(n)));
      let hasLeft = false;
      const name = `visitor ${n} of node ${node}`;
      const visitor = new Device({
        name,
        line,
        jar: new CookieJar(),
        ledger: this.ledger,
        onLeft: () => (hasLeft = true),
      });
      const arriving = visitor.start().then(() => visitor.joinRoom(this.room));
      await Promise.race([arriving, wait(arriveWithinMs)]).catch(() => undefined);
      while (!hasLeft && !isOver()) await wait(100);
      if (!hasLeft) visitor.vanish();
      if (visitor.userId !== undefined) this.left(visitor.userId, name);
      line.close();
    }
  }

  #shown(devices: readonly Device[]): ShownCount[] {
    return devices.flatMap((device) =>
      this.#places.map(([place, id]) => ({ device: device.name, place, count: device.client.presence(id)?.count })),
    );
  }

  get #places(): [name: string, conversationId: string][] {
    return [
      ['lobby', this.observers[0]!.lobbyId!],
      ['room', this.room.id],
    ];
  }

  /** Returns the lists of one server, or sentences that say why it gave none. */
  #lists(node: number): Promise<PresenceList | string>[] {
    return this.#places.map(async ([place, conversationId]) => {
      const askedAt = Date.now();
      const tooLate = wait(answerWithinMs, 'no answer' as const, { ref: false });
      const reply = await Promise.race([
        this.#pages(node, conversationId).catch((error: unknown) => String(error)),
        tooLate,
      ]);
      if (typeof reply === 'string') return `node ${node} did not list the ${place}: ${reply}`;
      return { node, place, askedAt, ...reply };
    });
  }

  async #pages(node: number, conversationId: string) {
    const { client } = this.observers[node]!;
    const userIds: string[] = [];
    let isAtLeast = false;
    for (let cursor: string | undefined; ;) {
      const page: ListReply = await client.ask('presence:list', {
        conversationId,
        ...(cursor !== undefined && { cursor }),
      });
      userIds.push(...page.items.map(({ id }) => id));
      isAtLeast ||= page.isAtLeast === true;
      cursor = page.nextCursor;
      if (cursor === undefined) return { userIds, isAtLeast, count: page.count };
    }
  }
}
