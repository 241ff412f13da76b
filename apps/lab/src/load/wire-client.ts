import { randomBytes } from 'node:crypto';
import { type Socket, connect } from 'node:net';
import { FrameReader, type OnText, pongFrame, textFrame } from './frame-reader';
import type { ServerKind } from './server-under-test';

const openingBrace = 0x7b;
const [zero, two, three, four] = [0x30, 0x32, 0x33, 0x34];

/** One buffer for what all sockets read: each read is used up before the next. */
const readBuffer = Buffer.allocUnsafe(512 * 1024);

/**
 * A client that costs next to nothing, so that the server is what is measured: it speaks WebSocket, Engine.IO and
 * Socket.IO by their bytes, parses no JSON and makes no object per frame.
 */
export class WireClient {
  /** Called for each event of the server's (all but acknowledgements). */
  onEvent: OnText = () => undefined;
  /** Called for each acknowledgement. */
  onAcknowledgement: OnText = () => undefined;
  isOpen = false;
  #lastAcknowledgement = 0;
  #upgrade: Buffer | undefined = Buffer.alloc(0);
  #opened: () => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  readonly #frames = new FrameReader(
    (bytes, from, to) => this.#read(bytes, from, to),
    () => this.#socket.write(pongFrame),
  );
  readonly #socket: Socket;

  private constructor(
    url: string,
    private readonly kind: ServerKind,
    private readonly token: string | undefined,
    query: string,
    localAddress: string | undefined,
  ) {
    const { hostname, port, host } = new URL(url);
    const path = kind === 'ws' ? `/?${query}` : `/socket.io/?EIO=4&transport=websocket${query && `&${query}`}`;
    this.#socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      ...(localAddress !== undefined && { localAddress }),
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          this.#receive(readBuffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.once('connect', () =>
      this.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      ),
    );
    this.#socket.once('error', (error) => this.#failed(error));
    this.#socket.once('close', () => {
      this.isOpen = false;
      this.#failed(new Error('the server closed the connection'));
    });
  }

  /** Resolves when the server has let it in. `query` is added to the address. */
  static open(
    url: string,
    kind: ServerKind,
    {
      token,
      query = '',
      onEvent,
      localAddress,
    }: { token?: string; query?: string; onEvent?: OnText; localAddress?: string } = {},
  ) {
    const client = new WireClient(url, kind, token, query, localAddress);
    // What comes in the same piece as the last word of the handshake is heard too.
    if (onEvent) client.onEvent = onEvent;
    return new Promise<WireClient>((resolve, reject) => {
      client.#failed = reject;
      client.#opened = () => {
        client.isOpen = true;
        resolve(client);
      };
    });
  }

  /** Emits an event whose payload is this JSON; Cloudhop's with an acknowledgement, the others have none. */
  emit(event: string, json: string): void {
    if (this.kind === 'ws') this.#socket.write(textFrame(json));
    else if (this.kind === 'socket.io') this.#socket.write(textFrame(`42["${event}",${json}]`));
    else this.#socket.write(textFrame(`42${this.#lastAcknowledgement++}["${event}",${json}]`));
  }

  /** Sends the same packet `count` times, in one piece. Resolves when the connection takes more, or is gone. */
  async flood(packet: string, count: number): Promise<void> {
    const frame = textFrame(packet);
    const hasRoom = this.#socket.write(Buffer.concat(Array.from({ length: count }, () => frame)));
    if (hasRoom) return;
    await new Promise<void>((resolve) => {
      const over = () => {
        this.#socket.off('drain', over).off('close', over);
        resolve();
      };
      this.#socket.once('drain', over).once('close', over);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#upgrade === undefined) {
      this.#frames.push(chunk);
      return;
    }
    this.#upgrade = Buffer.concat([this.#upgrade, chunk]);
    const end = this.#upgrade.indexOf('\r\n\r\n');
    if (end === -1) return;
    const rest = this.#upgrade.subarray(end + 4);
    if (!this.#upgrade.toString('latin1', 0, 12).endsWith(' 101'))
      this.#failed(new Error(`the server refused: ${this.#upgrade.toString('latin1', 0, end)}`));
    this.#upgrade = undefined;
    if (this.kind === 'ws') this.#opened();
    if (rest.length > 0) this.#frames.push(rest);
  }

  #read(bytes: Buffer, from: number, to: number): void {
    if (this.kind === 'ws') {
      this.onEvent(bytes, from, to);
      return;
    }
    const engine = bytes[from];
    if (engine === four) {
      const type = bytes[from + 1];
      if (type === two) this.onEvent(bytes, from, to);
      else if (type === three) this.onAcknowledgement(bytes, from, to);
      else if (type === zero) this.#opened();
      else this.#failed(new Error(`the server refused: ${bytes.toString('utf8', from, to)}`));
    } else if (engine === two) this.#socket.write(textFrame('3'));
    else if (engine === zero && bytes[from + 1] === openingBrace)
      this.#socket.write(textFrame(`40${this.token === undefined ? '' : JSON.stringify({ token: this.token })}`));
  }
}
