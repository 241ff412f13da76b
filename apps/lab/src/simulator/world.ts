import type { FeedFrame } from '@cloudhop/api/realtime';
import { Browser } from './browser';
import { Chance } from '../chance';
import { Clock } from './clock';
import { Laws } from './laws';
import { ModelDatabase } from '@cloudhop/sdk/testing';
import { SimulatedNode } from './node';
import type { Counts, NodePart, WorldPart } from './parts';
import { SimulatedSessions } from './sessions';
import type { Tab } from './tab';
import { type Weather, clear, weathers } from './weather';

/** Parts of a world: the number of servers, and for each person the devices with their tabs. */
export interface Setting {
  readonly nodes: number;
  /** By person, by device: the number of tabs. */
  readonly people: readonly (readonly number[])[];
  /** True if the devices' tabs have locks. */
  readonly hasLocks: boolean;
}

/** Members above which joins and leaves take no rev: so few that programs see both. */
export const memberRevs = 2;

/** No restore is quicker; what was on the line before it has arrived or is lost. */
const restoreMs = 2_000;

/** Everything there is, driven by one seed. */
export class World implements WorldPart {
  readonly clock = new Clock();
  readonly chance: Chance;
  weather: Weather = clear;
  readonly lobbyId: string;
  readonly roomId: string;
  readonly database: ModelDatabase;
  isDatabaseUp = true;
  /** Counts how often all connections to the database ended. */
  connections = 0;
  backup: ModelDatabase | undefined;
  readonly nodes: readonly SimulatedNode[];
  readonly browsers: Browser[] = [];
  /** The user of each person at the start. */
  readonly people: string[] = [];
  readonly sessions = new SimulatedSessions(this);
  readonly laws: Laws;
  #ids = 0;

  constructor(
    seed: number,
    setting: Setting,
    readonly counts: Counts,
    makeDatabase = (...options: ConstructorParameters<typeof ModelDatabase>) => new ModelDatabase(...options),
  ) {
    this.chance = new Chance(seed);
    this.laws = new Laws(this);
    this.lobbyId = this.nextId();
    this.roomId = this.nextId();
    this.database = makeDatabase(this.lobbyId, () => this.clock.now, memberRevs);
    this.nodes = Array.from({ length: setting.nodes }, (_, id) => new SimulatedNode(this, id));
    this.#settle(setting);
    this.weather = this.chance.pick(weathers)!;
  }

  get tabs(): Tab[] {
    return this.browsers.flatMap(({ tabs }) => tabs);
  }

  /** UUIDv7s that ascend. */
  nextId(): string {
    const time = this.clock.now.toString(16).padStart(12, '0');
    const count = (++this.#ids).toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${count}`;
  }

  someNode(): SimulatedNode | undefined {
    return this.chance.pick(this.nodes.filter(({ isUp }) => isUp));
  }

  /** A frame on its way to the other nodes: a hint, which may be late, doubled or lost. */
  publish(from: NodePart, frame: FeedFrame): void {
    const { epoch } = from;
    const arrive = (node: SimulatedNode) => {
      if (node.epoch === epoch) node.feeds.receive(frame);
    };
    const { chance, weather, clock, counts } = this;
    for (const node of this.nodes) {
      if (node === from || !node.isUp) continue;
      if (chance.isTrue(weather.hintLoss)) {
        counts.faults++;
        continue;
      }
      const times = chance.isTrue(weather.double) ? 2 : 1;
      for (let i = 0; i < times; i++) clock.after(chance.between(0, weather.delayMs), () => arrive(node));
    }
  }

  /**
   * Postgres comes back as it was at the backup, on another timeline: after it was away for a while, or in place, where a
   * dump replaces the rows and every connection stays.
   */
  restore(isInPlace: boolean): void {
    if (!this.backup) return;
    this.counts.faults++;
    if (!isInPlace) {
      this.connections++;
      this.isDatabaseUp = false;
      this.clock.after(restoreMs, () => (this.isDatabaseUp = true));
    }
    this.laws.restoring(this.backup);
    this.database.restore(this.backup, `epoch-${this.nextId()}`);
    this.laws.restored();
  }

  /** Everybody is here, the room is open to the first two, and nothing has gone wrong yet. */
  #settle({ people, hasLocks }: Setting): void {
    for (const [person, devices] of people.entries()) {
      const userId = this.nextId();
      const tag = person.toString(16).padStart(6, 'a');
      this.people.push(userId);
      this.database.addUser({ id: userId, kind: 'guest', displayName: `Guest ${tag}`, profileRev: 1, tag });
      for (const [device, tabs] of devices.entries()) {
        const sessionId = this.nextId();
        this.database.beginSession(sessionId, userId);
        const browser = new Browser(this, `person${person}-device${device}-tab`, hasLocks);
        browser.cookie = { sessionId, number: 1 };
        this.browsers.push(browser);
        for (let tab = 0; tab < tabs; tab++) browser.openTab();
      }
    }
    this.database.addConversation(this.roomId, 'room', this.people[0]);
    this.database.changeMembership(this.roomId, this.people[1], this.people[1]!, 'join');
    this.clock.advance(700);
    for (const tab of this.tabs)
      if (tab.state.account.userId !== this.people[2]) tab.dispatch({ type: 'open', conversationId: this.roomId });
    this.clock.advance(300);
  }
}
