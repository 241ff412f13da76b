import type { AppSocket } from '../app-socket';

/** Packet options that give Engine.IO a WebSocket frame that is already encoded, as Socket.IO's own adapter does. */
interface FramedOptions {
  compress: boolean;
  /** Bytes that are written to the connection unchanged. */
  wsPreEncodedFrame: [Buffer];
}

/** Fact that is encoded once for all recipients. */
export interface FactFrame {
  /** A packet of Socket.IO: also for a transport that takes no frames. */
  packet: string;
  options: FramedOptions;
}

const messageType = '4';
const eventType = '2';
const finalText = 0x81;

/**
 * One unmasked WebSocket frame in one piece. ws hands over header and text apart, which costs a call that gathers
 * them for each recipient.
 */
function frameOf(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 0x1_00_00 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = finalText;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}

/** Facts hold JSON alone, so nothing has to be searched for bytes. */
export function encodeFact(fact: string, payload: unknown): FactFrame {
  const packet = `${eventType}${JSON.stringify([fact, payload])}`;
  return { packet, options: { compress: false, wsPreEncodedFrame: [frameOf(messageType + packet)] } };
}

export function sendFact(socket: AppSocket, { packet, options }: FactFrame): void {
  socket.conn.write(packet, options);
}
