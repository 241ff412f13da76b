import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../chance';
import type { ApiNode } from './api-node';
import { Device } from './device';
import { type BanRound, bannedDeliveries } from './ban-verdict';
import { Ledger } from './ledger';
import { Line } from './line';
import type { PrivateRoom } from './private-room';
import { CookieJar } from './rest-api';
import { until } from './until';
import type { Weather } from './weather';

/** Interval between two messages into the room. */
const talkIntervalMs = 250;
/** Time for which somebody who was banned is watched: more than the second or three in which delivery must end. */
const watchedMs = 4_500;
/** Servers are down, and clients wait longer and longer between their attempts. */
const arriveWithinMs = 15_000;
const banWithinMs = 10_000;

/**
 * Bans and removes guests from a private room while it is talked in, and listens at their sockets: what reaches them
 * after the answer to the ban is a broken promise (I6). Each is connected to one server, while the moderator is
 * connected to any.
 */
export class BanWatch {
  /** Bans and removals whose victim was watched while others talked on. */
  watched = 0;
  readonly problems: string[] = [];
  readonly #ledger = new Ledger();
  #count = 0;

  constructor(
    private readonly nodes: readonly ApiNode[],
    private readonly room: PrivateRoom,
    private readonly weather: Weather,
    private readonly onLeft: (userId: string, name: string) => void,
  ) {}

  /** Records what reached the victims although it was forged, or gone. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** Makes one round after the other, until it is over. */
  async watch(chance: Chance, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await wait(chance.between(100, 500));
      const node = chance.pick([...this.nodes.keys()].filter((n) => this.nodes[n]!.isUp));
      if (node !== undefined) await this.#round(node, chance, isOver);
    }
  }

  async #round(node: number, chance: Chance, isOver: () => boolean): Promise<void> {
    const n = this.#count++;
    const { id, moderator } = this.room;
    const lag = monitorEventLoopDelay({ resolution: 10 });
    lag.enable();
    const round: BanRound = {
      name: `guest ${n} on node ${node}`,
      afterMark: `after ban ${n}.`,
      endedAt: Infinity,
      condition: 'healthy',
      lagMs: 0,
      arrivals: [],
    };
    let hasHeard = false;
    const line = await Line.open([this.nodes[node]!], chance.branch(`victim ${n}`));
    const victim = new Device({
      name: round.name,
      line,
      jar: new CookieJar(),
      ledger: this.#ledger,
      onReceived: (name, text) => {
        if (name === 'personal:changed' || !text.includes(id)) return;
        if (name === 'conversation:changed') hasHeard = true;
        round.arrivals.push({ name, text, at: Date.now() });
      },
    });
    const isOut = { value: false };
    const talking = this.#talk(
      n,
      () => round,
      () => isOut.value || isOver(),
    );
    try {
      await this.#enter(victim);
      await until(() => hasHeard || isOver(), Date.now() + arriveWithinMs);
      if (!hasHeard || isOver()) return;
      const bannedFrom = Date.now();
      if (!(await this.#ban(victim.userId!, chance.isTrue(0.5)))) return;
      round.endedAt = Date.now();
      await wait(watchedMs);
      const hasTalked = moderator.client
        .timeline(id)
        ?.entries.some(({ message }) => message.seq > 0 && message.body.startsWith(round.afterMark));
      round.condition = this.weather.of(node, bannedFrom, round.endedAt + watchedMs);
      round.lagMs = lag.max / 1e6;
      if (hasTalked === true) this.watched++;
      this.problems.push(...bannedDeliveries(round));
    } catch {
      // It could not be let in, or the moderator could not be heard: another one will.
    } finally {
      isOut.value = true;
      lag.disable();
      await talking;
      const { userId } = victim;
      victim.vanish();
      if (userId !== undefined) this.onLeft(userId, round.name);
      line.close();
    }
  }

  async #enter(victim: Device): Promise<void> {
    const arriving = victim.start().then(async () => {
      await victim.whenSynced(arriveWithinMs);
      await victim.joinRoom(this.room);
    });
    await Promise.race([arriving, wait(2 * arriveWithinMs)]);
  }

  /** Sends messages and types into the room. What is typed after the ban says so. */
  async #talk(n: number, round: () => BanRound, isOver: () => boolean): Promise<void> {
    const { id, moderator } = this.room;
    for (let k = 0; !isOver(); k++) {
      const isAfter = Date.now() >= round().endedAt;
      moderator.client.setTyping(id, true);
      moderator.client.send(id, isAfter ? `${round().afterMark}${k}` : `talk ${n}.${k}`);
      await wait(talkIntervalMs);
    }
  }

  /** Returns false when nobody answered in time. */
  async #ban(userId: string, isBan: boolean): Promise<boolean> {
    const { slug, moderator } = this.room;
    const params = { slug, userId };
    for (const deadline = Date.now() + banWithinMs; Date.now() < deadline; await wait(100)) {
      try {
        if (isBan) await moderator.client.call('rooms.changeMember', { params, body: { isBanned: true } });
        else await moderator.client.call('rooms.removeMember', { params });
        return true;
      } catch {
        // Tried again: both are idempotent.
      }
    }
    return false;
  }
}
