import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Version of the form of messages. Nodes ignore other versions, which costs a delay of one comparison of the heads. */
const version = 1;

const senderBytes = 8;
const macBytes = 32;
const senderAt = 1;
const macAt = senderAt + senderBytes;
const bodyAt = macAt + macBytes;

/** Content of a message. `epoch` names the timeline of the database that it belongs to. */
export interface BusContent {
  epoch: string;
  kind: 'frame' | 'ephemeral' | 'probe';
  body: unknown;
}

/** Reason for which a received message is ignored. */
type Ignored = 'size' | 'version' | 'signature' | 'malformed';

export type Opened = { content: BusContent } | { ignored: Ignored };

/**
 * Signs and opens messages of one node. A message is `version (1 byte) | sender (8) | HMAC-SHA-256 (32) | JSON`. The
 * HMAC covers version, sender, channel and JSON, so that Redis can neither make a message nor move one to another
 * channel.
 */
export class BusMessages {
  readonly #key: Buffer;
  readonly #sender = randomBytes(senderBytes);

  /** `secret`: shared by all nodes of the instance. `maxBytes`: larger messages are ignored. */
  constructor(
    secret: string,
    private readonly maxBytes: number,
  ) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'cloudhop node bus', macBytes));
  }

  /** Returns the message. Throws if the content can't be encoded. */
  sign(channel: string, content: BusContent): Buffer {
    const json = Buffer.from(JSON.stringify(content));
    const message = Buffer.allocUnsafe(bodyAt + json.length);
    message[0] = version;
    this.#sender.copy(message, senderAt);
    json.copy(message, bodyAt);
    this.#mac(channel, message).copy(message, macAt);
    return message;
  }

  /** Returns true for a message of this node, which Redis sends back. Unsigned: only good for skipping it. */
  isOwn(message: Buffer): boolean {
    return this.#sender.equals(message.subarray(senderAt, macAt));
  }

  /** Returns the content of a message, or the reason to ignore it. */
  open(channel: string, message: Buffer): Opened {
    if (message.length > this.maxBytes || message.length <= bodyAt) return { ignored: 'size' };
    if (message[0] !== version) return { ignored: 'version' };
    if (!timingSafeEqual(this.#mac(channel, message), message.subarray(macAt, bodyAt))) return { ignored: 'signature' };
    const content = parse(message.subarray(bodyAt));
    return content === undefined ? { ignored: 'malformed' } : { content };
  }

  #mac(channel: string, message: Buffer): Buffer {
    return createHmac('sha256', this.#key)
      .update(message.subarray(0, macAt))
      .update(`${channel}\0`)
      .update(message.subarray(bodyAt))
      .digest();
  }
}

function parse(json: Buffer): BusContent | undefined {
  try {
    const content = JSON.parse(json.toString()) as Partial<BusContent> | null;
    const isWhole =
      typeof content?.epoch === 'string' &&
      (content.kind === 'frame' || content.kind === 'ephemeral' || content.kind === 'probe') &&
      typeof content.body === 'object' &&
      content.body !== null;
    return isWhole ? (content as BusContent) : undefined;
  } catch {
    return undefined;
  }
}
