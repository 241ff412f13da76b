import type { FetchedPage } from './page-fetcher';

/** Bytes in which the HTML standard looks for the charset declaration. */
const declarationBytes = 1024;
const byteOrderMarks: readonly (readonly [Buffer, string])[] = [
  [Buffer.of(0xef, 0xbb, 0xbf), 'utf-8'],
  [Buffer.of(0xfe, 0xff), 'utf-16be'],
  [Buffer.of(0xff, 0xfe), 'utf-16le'],
];
/** Both <meta charset="big5"> and <meta http-equiv="Content-Type" content="text/html; charset=big5">. */
const metaCharset = /<meta\s[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)/i;
const xmlEncoding = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']+)/i;

/**
 * Decodes a page by its byte order mark, else by the server's charset, else by the page's declaration, in the order of
 * the HTML standard, else as UTF-8. Never throws: invalid bytes become U+FFFD.
 */
export function decodePage({ bytes, charset }: Pick<FetchedPage, 'bytes' | 'charset'>): string {
  const mark = byteOrderMarks.find(([start]) => bytes.subarray(0, start.length).equals(start))?.[1];
  const decoder = decoderOf(mark) ?? decoderOf(charset) ?? decoderOf(declaredCharset(bytes)) ?? new TextDecoder();
  return decoder.decode(bytes);
}

function declaredCharset(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, declarationBytes).toString('latin1');
  const declared = (xmlEncoding.exec(start) ?? metaCharset.exec(start.replace(/<!--[^]*?(?:-->|$)/g, '')))?.[1];
  // Had it been UTF-16, this could not have been read.
  return declared !== undefined && /^utf-?16/i.test(declared) ? 'utf-8' : declared;
}

function decoderOf(label: string | undefined): TextDecoder | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}
