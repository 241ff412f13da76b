import { limits } from '@cloudhop/api/platform';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';
import { PageRefused } from './page-refused';

export interface PageBody {
  bytes: Buffer;
  /** False where reading ended at the limit; what is there is the beginning. */
  isComplete: boolean;
}

/** What is asked for, and what unpacks it. The flush lets a body that was cut at the limit give what it holds. */
const unpackers = new Map<string, () => Transform>([
  ['gzip', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['x-gzip', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['deflate', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);
export const acceptedEncodings = 'gzip, br, deflate';

/** Refuses a packing that was not asked for; several layers of one are a bomb's. Undefined for none. */
function unpackerOf(response: IncomingMessage): Transform | undefined {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return undefined;
  const make = unpackers.get(encoding);
  if (!make) throw new PageRefused('encoding');
  return make();
}

/**
 * Reads at most previewBytes of a body, packed and unpacked, and holds no more than that. Whoever calls it destroys the
 * socket: a body that never ends is left where it is.
 */
export async function readBody(response: IncomingMessage): Promise<PageBody> {
  const most = limits.previewBytes;
  let isComplete = true;
  async function* within(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let left = most;
    for await (const chunk of chunks) {
      if (chunk.length > left) {
        isComplete = false;
        yield chunk.subarray(0, left);
        return;
      }
      left -= chunk.length;
      yield chunk;
    }
  }
  const unpacker = unpackerOf(response);
  const chunks: Buffer[] = [];
  if (!unpacker) for await (const chunk of within(response)) chunks.push(chunk);
  else {
    // Errors on the way in come out where the result is read.
    pipeline(within(response), unpacker, () => {});
    for await (const chunk of within(unpacker)) chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), isComplete };
}
