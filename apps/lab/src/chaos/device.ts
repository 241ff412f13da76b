import type { FactName, Message } from '@cloudhop/contracts';
import {
  type Client,
  type ClientOptions,
  type ClientStorage,
  type Connect,
  MemoryStorage,
  type TimelineEntry,
  type UserStorage,
  createClient,
  socketIoConnect,
} from '@cloudhop/sdk';
import type { Ledger } from './ledger';
import type { Line } from './line';
import { type CookieJar, restApi } from './rest-api';
import { until } from './until';

export interface DeviceOptions {
  name: string;
  line: Line;
  jar: CookieJar;
  ledger: Ledger;
  /** Called with the text of everything that arrives by the socket: facts by their name, and answers. */
  onReceived?: (name: FactName | 'answer', text: string) => void;
  /** If given, the device leaves for good when its first connection ends, and calls this. */
  onLeft?: () => void;
}

/** From the loading of the page to its end. */
interface Life {
  isOver: boolean;
  hasConnected: boolean;
  client: Client;
  wake: () => void;
  closeSockets: () => void;
}

/** State of a device at the end. */
export interface DeviceState {
  name: string;
  userId: string | undefined;
  phase: string;
  entries: readonly TimelineEntry[];
  hasBefore: boolean;
  rev: number;
  /** Entries of the outbox that is stored. */
  outbox: readonly { entryId: string; kind: string; state: string; error?: { code: string } }[];
}

/** A person's device: the real client over real sockets, whose page can be closed at any moment. */
export class Device {
  readonly name: string;
  readonly #storage = new MemoryStorage();
  #life: Life | undefined;
  /** Times at which the server took the identity away. */
  signedOut = 0;
  /** Room that is on screen from the next start on. */
  roomId: string | undefined;

  constructor(private readonly options: DeviceOptions) {
    this.name = options.name;
  }

  get client(): Client {
    if (!this.#life) throw new Error(`${this.name} was not started`);
    return this.#life.client;
  }

  get lobbyId(): string | undefined {
    return this.client.view.lobbyId;
  }

  get userId(): string | undefined {
    return this.client.view.me?.id;
  }

  async start(): Promise<void> {
    this.#life = this.#begin();
    await this.#life.client.start();
    if (this.roomId !== undefined) this.client.open(this.roomId);
  }

  /** Resolves when it is connected and has caught up, or after `ms`. */
  async whenSynced(ms = 10_000): Promise<void> {
    await until(() => this.lobbyId !== undefined && this.client.view.connection.phase === 'live', Date.now() + ms);
  }

  /** Joins a private room, and shows it. */
  async joinRoom({ slug, invite }: { slug: string; invite: string }): Promise<void> {
    this.roomId = await this.client.joinRoom(slug, invite);
  }

  /** The page goes without a word: what was not stored by now is gone, and so is every answer on its way. */
  async crash(): Promise<void> {
    this.vanish();
    await this.start();
  }

  /** As `crash`, and nobody opens the page again. */
  vanish(): void {
    const life = this.#life!;
    life.isOver = true;
    life.closeSockets();
  }

  /** The page is left in order. */
  async reload(): Promise<void> {
    await this.client.stop();
    this.#life!.isOver = true;
    await this.start();
  }

  /** The device is online again, or somebody looks at it. */
  wake(): void {
    this.#life?.wake();
  }

  async stop(): Promise<void> {
    await this.client.stop();
    this.#life!.isOver = true;
  }

  send(body: string): void {
    const { lobbyId } = this;
    if (lobbyId !== undefined) this.options.ledger.typed(this.name, this.client.send(lobbyId, body), body);
  }

  edit(message: Message, body: string): void {
    this.options.ledger.edited.add(message.id);
    this.client.edit(message.conversationId, message.id, body);
  }

  remove(message: Message): void {
    this.options.ledger.removed(this.name, message.id);
    this.client.remove(message.conversationId, message.id);
  }

  undoRemove(): void {
    const [deletion] = this.client.view.deletions;
    if (!deletion) return;
    this.client.undoRemove(deletion.entryId);
    const isStillThere = this.client.view.deletions.some(({ entryId }) => entryId === deletion.entryId);
    if (!isStillThere) this.options.ledger.broughtBack(this.name, deletion.messageId);
  }

  async state(): Promise<DeviceState> {
    const { view } = this.client;
    const timeline = view.lobbyId === undefined ? undefined : this.client.timeline(view.lobbyId);
    const userId = view.me?.id;
    const outbox = userId === undefined ? [] : await (await this.#storage.open(userId)).loadOutbox();
    return {
      name: this.name,
      userId,
      phase: view.connection.phase,
      entries: timeline?.entries ?? [],
      hasBefore: timeline?.hasBefore ?? false,
      rev: timeline?.conversation.rev ?? 0,
      outbox,
    };
  }

  #begin(): Life {
    const sockets = new Set<{ close(): void }>();
    let wake: () => void = () => undefined;
    const life: Life = {
      isOver: false,
      hasConnected: false,
      client: undefined as unknown as Client,
      wake: () => wake(),
      closeSockets: () => sockets.forEach((socket) => socket.close()),
    };
    const { line, jar } = this.options;
    const options: ClientOptions = {
      api: restApi(line.url, jar, () => life.isOver),
      connect: this.#connect(life, sockets),
      storage: whileAlive(this.#storage, life),
      timer: {
        now: () => Date.now(),
        after: (ms, work) => {
          const timer = setTimeout(() => !life.isOver && work(), ms);
          return () => clearTimeout(timer);
        },
      },
      random: () => Math.random(),
      tabId: this.name,
      lifecycle: {
        listen: (listener) => {
          wake = listener;
          return () => (wake = () => undefined);
        },
      },
    };
    life.client = createClient(options);
    life.client.onNotice(({ kind }) => {
      if (kind === 'signedOut') this.signedOut++;
    });
    return life;
  }

  /** Real sockets. What arrives is taken down in the ledger. */
  #connect(life: Life, sockets: Set<{ close(): void }>): Connect {
    const { line, ledger, onReceived, onLeft } = this.options;
    const connect = socketIoConnect(line.url);
    const leave = () => {
      if (life.isOver) return;
      this.vanish();
      onLeft?.();
    };
    return (auth, listener) => {
      if (onLeft && life.hasConnected) {
        leave();
        return { request: () => new Promise(() => undefined), close: () => undefined };
      }
      const socket = connect(auth, {
        connected: () => {
          life.hasConnected = true;
          if (!life.isOver) listener.connected();
        },
        failed: (error) => !life.isOver && listener.failed(error),
        disconnected: () => {
          if (onLeft) leave();
          else if (!life.isOver) listener.disconnected();
        },
        factReceived: (name, payload) => {
          if (life.isOver) return;
          const text = JSON.stringify(payload);
          ledger.received(this.name, name, text);
          onReceived?.(name, text);
          listener.factReceived(name, payload);
        },
      });
      sockets.add(socket);
      return {
        request: async (name, payload, timeoutMs) => {
          const askedAt = Date.now();
          const answer = await socket.request(name, payload, timeoutMs);
          if (life.isOver) return new Promise(() => undefined);
          const text = JSON.stringify(answer);
          ledger.received(this.name, name, text);
          onReceived?.('answer', text);
          ledger.answered(this.userId ?? '', name, payload, answer, askedAt);
          return answer;
        },
        close: () => {
          sockets.delete(socket);
          socket.close();
        },
      };
    };
  }
}

/** A page that is gone writes nothing more. */
function whileAlive(storage: ClientStorage, life: Life): ClientStorage {
  const never = new Promise<never>(() => undefined);
  return {
    lastUser: () => storage.lastUser(),
    setLastUser: (last) => (life.isOver ? never : storage.setLastUser(last)),
    open: async (userId) => {
      const user = await storage.open(userId);
      const guarded: UserStorage = {
        load: () => user.load(),
        loadOutbox: () => user.loadOutbox(),
        write: (writes) => (life.isOver ? never : user.write(writes)),
        journal: user.journal,
        putEntry: (entry) => (life.isOver ? never : user.putEntry(entry)),
        dropEntry: (entryId) => (life.isOver ? never : user.dropEntry(entryId)),
        wipe: () => (life.isOver ? never : user.wipe()),
        close: () => user.close(),
      };
      return guarded;
    },
  };
}
