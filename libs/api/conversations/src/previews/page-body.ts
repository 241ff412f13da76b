import { limits } from '@cloudhop/api/platform';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Transform } from 'node:stream';
import { constants, createBrotliDecompress, createUnzip } from 'node:zlib';
import { PageRefused } from './page-refused';

export interface PageBody {
  bytes: Buffer;
  /** False if reading stopped at the limit; the bytes are then the beginning. */
  isComplete: boolean;
}

/** Requested encodings with their decompressors. The flush returns the content of a body that was cut at the limit. */
const unpackers = new Map<string, () => Transform>([
  ['gzip', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['x-gzip', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['deflate', () => createUnzip({ finishFlush: constants.Z_SYNC_FLUSH })],
  ['br', () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })],
]);
export const acceptedEncodings = 'gzip, br, deflate';

/**
 * Returns the decompressor of a response, undefined for none. Throws PageRefused for an encoding that was not
 * requested, and for several layers, which are a decompression bomb.
 */
function unpackerOf(response: IncomingMessage): Transform | undefined {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return undefined;
  const make = unpackers.get(encoding);
  if (!make) throw new PageRefused('encoding');
  return make();
}

/**
 * Reads at most previewBytes of a body, compressed and decompressed, and buffers no more. The caller must destroy the
 * socket, because an endless body is not read to its end.
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
    // Errors of the input surface where the result is read.
    pipeline(within(response), unpacker, () => {});
    for await (const chunk of within(unpacker)) chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks), isComplete };
}
