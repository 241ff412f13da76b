/** Called with the payload `bytes[from..to)` of a text frame; the bytes are only there during the call. */
export type OnText = (bytes: Buffer, from: number, to: number) => void;

/** Splits what a WebSocket server sends into frames, without copying those that came whole. Servers do not mask. */
export class FrameReader {
  #rest: Buffer | undefined;

  constructor(
    private readonly onText: OnText,
    private readonly onPing: () => void,
  ) {}

  push(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      if (left < 2) break;
      const short = bytes[at + 1]! & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (left < head) break;
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
      const end = at + head + length;
      if (end > bytes.length) break;
      const opcode = bytes[at]! & 0x0f;
      if (opcode === 1) this.onText(bytes, at + head, end);
      else if (opcode === 9) this.onPing();
      at = end;
    }
    // The chunk's memory belongs to all sockets and is written over by the next read.
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}

/** A client's text frame. Its mask is zero, which is allowed and costs nothing; the server unmasks all the same. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = length < 126 ? 6 : 8;
  const frame = Buffer.alloc(head + length);
  frame[0] = 0x81;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, head);
  return frame;
}

/** The answer to a ping. */
export const pongFrame: Buffer = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
