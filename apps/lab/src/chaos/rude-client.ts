import { setTimeout as wait } from 'node:timers/promises';
import type { Reply, Session, SyncReply } from '@cloudhop/contracts';
import { type Socket, io } from 'socket.io-client';
import { v7 as uuidv7 } from 'uuid';
import type { Ledger } from './ledger';
import { CookieJar } from './rest-api';

/** Events in each burst, and the pause between bursts: some fifteen times what a client may ask. */
const burstEvents = 40;
const burstIntervalMs = 50;

/**
 * Somebody without manners: sends as fast as it goes, valid and invalid, and connects again when cut off. It meets the
 * limits as they are delivered. What of it is acknowledged counts as everybody else's.
 */
export class RudeClient {
  #session: Session | undefined;
  #lobbyId: string | undefined;
  #count = 0;
  #connections = 0;
  readonly #jar = new CookieJar();
  refused = 0;
  /** Called when it connects, and when it has left. */
  onPresence: (userId: string, isHere: boolean) => void = () => undefined;

  constructor(
    private readonly url: string,
    private readonly ledger: Ledger,
  ) {}

  /** Resolves after `ms`, whatever the server makes of it. */
  async flood(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (Date.now() < until) {
      const socket = await this.#connect().catch(() => undefined);
      if (socket) await this.#floodOver(socket, until);
      socket?.disconnect();
      await wait(200);
    }
    if (this.#session) this.onPresence(this.#session.user.id, false);
  }

  async #connect(): Promise<Socket> {
    const response = await fetch(`${this.url}/api/auth/${this.#session ? 'refresh' : 'guest'}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: this.#jar.header },
      body: '{}',
      signal: AbortSignal.timeout(3_000),
    });
    if (!response.ok) throw new Error(`refused with ${response.status}`);
    this.#jar.take(response);
    this.#session = (await response.json()) as Session;
    this.#connections++;
    this.onPresence(this.#session.user.id, true);
    const socket: Socket = io(this.url, {
      auth: { token: this.#session.accessToken },
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      timeout: 3_000,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    if (this.#lobbyId === undefined) {
      const reply = (await socket.timeout(3_000).emitWithAck('feed:sync', { conversations: [] })) as Reply<SyncReply>;
      if (reply.ok && 'reset' in reply.data.personal) this.#lobbyId = reply.data.personal.reset.lobbyId;
    }
    return socket;
  }

  async #floodOver(socket: Socket, until: number): Promise<void> {
    while (socket.connected && Date.now() < until) {
      for (let n = 0; n < burstEvents; n++) this.#shout(socket);
      await wait(burstIntervalMs);
    }
  }

  #shout(socket: Socket): void {
    const n = this.#count++;
    if (n % 4 === 1) return void socket.emit('message:send', { id: 7 }, () => undefined);
    if (n % 4 === 2) return void socket.emit('no:such', 'event', () => undefined);
    const payload = { conversationId: this.#lobbyId, id: uuidv7(), body: `LOOK AT ME ${n}` };
    // One socket keeps its order; what was on its way over the one before may come later.
    this.ledger.typed(`rude ${this.#connections}`, payload.id, payload.body);
    socket.emit('message:send', payload, (reply: Reply<unknown>) => {
      if (!reply.ok) this.refused++;
      this.ledger.answered(this.#session!.user.id, 'message:send', payload, reply);
    });
  }
}
