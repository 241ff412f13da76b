import { limits } from '@cloudhop/api/platform';
import { get as getPlainly, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { MIMEType } from 'node:util';
import { acceptedEncodings, readBody, type PageBody } from './page-body';
import { askNameServers, askSystem, checkAddress, findHost, hostKey, type PageHost, type Resolve } from './page-host';
import { PageRefused } from './page-refused';
import { openSocket, type OpenSocket } from './page-socket';

/** A page as it came. */
export interface FetchedPage extends PageBody {
  /** Where it was in the end, without a fragment. */
  url: string;
  contentType: 'text/html' | 'application/xhtml+xml';
  /** As the server says it; nobody has checked it. */
  charset?: string;
}

export interface FetchWays {
  /**
   * Hosts that an administrator named, as hostKey writes them: fetched although private, on whatever port. A link must
   * lead there by itself, or by redirects among them: else anybody's page could choose what is asked for inside.
   */
  allowedHosts: ReadonlySet<string>;
  /** Who is told to ask: the User-Agent. */
  agentName: string;
  signal?: AbortSignal;
  /** Name servers, or the system for allowedHosts, where it is not given. */
  resolve?: Resolve;
  /** Gets checked addresses only, and must connect to them. */
  openSocket?: OpenSocket;
}

/** Bytes of an answer's head; what policies and cookies of large sites come to, twice. */
const headBytes = 32 * 1024;
/** Heads before the head (early hints and the like), of which a server could send any number. */
const earlyHeads = 4;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * The page that an address leads to, asked for as nobody in particular: no cookies, no referrer, no proxy of the
 * environment. Only public hosts are ever connected to, and allowedHosts. All of it ends within previewTimeoutMs, with
 * its sockets destroyed. Throws PageRefused and nothing else.
 */
export async function fetchPage(address: string, ways: FetchWays): Promise<FetchedPage> {
  const end = new AbortController();
  const giveUp = () => end.abort(new PageRefused('aborted'));
  const timer = setTimeout(() => end.abort(new PageRefused('timeout')), limits.previewTimeoutMs);
  ways.signal?.addEventListener('abort', giveUp, { once: true });
  if (ways.signal?.aborted) giveUp();
  try {
    return await follow(address, ways, end.signal);
  } catch (error) {
    throw end.signal.aborted ? (end.signal.reason as PageRefused) : toRefusal(error);
  } finally {
    clearTimeout(timer);
    ways.signal?.removeEventListener('abort', giveUp);
  }
}

async function follow(first: string, ways: FetchWays, signal: AbortSignal): Promise<FetchedPage> {
  const known = new Map<string, Promise<readonly string[]>>();
  let url = parsed(first);
  // Ends with the first address that is not one of allowedHosts: who sent us out must not send us in again.
  let isNamed = true;
  const resolve: Resolve = (name) => {
    const source = ways.resolve ?? (isNamed ? askSystem : askNameServers);
    const answer = known.get(name) ?? unlessAborted(source(name, signal), signal);
    known.set(name, answer);
    return answer;
  };
  for (let redirects = 0; redirects <= limits.previewRedirects; redirects++) {
    isNamed &&= ways.allowedHosts.has(hostKey(url));
    checkAddress(url, isNamed);
    const host = await findHost(url, isNamed, resolve, signal);
    signal.throwIfAborted();
    const answer = await ask(url, host, ways, signal);
    if (!(answer instanceof URL)) return answer;
    // What was linked to securely is not to be told by whoever sits on the line.
    if (url.protocol === 'https:' && answer.protocol !== 'https:') throw new PageRefused('scheme');
    url = answer;
  }
  throw new PageRefused('redirects');
}

/** One request: the page, or where it has gone. */
async function ask(url: URL, host: PageHost, ways: FetchWays, signal: AbortSignal): Promise<FetchedPage | URL> {
  const socket = (ways.openSocket ?? openSocket)(host);
  // The request tells of its errors; one that comes before it listens must not end the process.
  socket.on('error', () => {});
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const get = host.isSecure ? getSecurely : getPlainly;
      const headers = {
        Host: url.host,
        'User-Agent': ways.agentName,
        Accept: 'text/html,application/xhtml+xml',
        'Accept-Language': '*',
        'Accept-Encoding': acceptedEncodings,
      };
      // A socket of its own means no agent: nothing is kept alive, and no proxy of the environment steps in.
      const options = { createConnection: () => socket, headers, maxHeaderSize: headBytes, insecureHTTPParser: false };
      const request = get(url, options, resolve);
      let early = 0;
      request.on('information', () => ++early > earlyHeads && request.destroy());
      request.on('error', reject);
      // An answer that changes the protocol ends without an error.
      request.on('close', () => reject(new PageRefused('unreachable')));
    });
    return redirectOf(response, url) ?? (await readPage(response, url));
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function redirectOf({ statusCode, headers: { location } }: IncomingMessage, url: URL): URL | undefined {
  if (!redirectStatuses.has(statusCode!) || location === undefined) return undefined;
  // Servers write UTF-8 as it is; Node gives every byte as a character.
  return parsed(Buffer.from(location, 'latin1').toString(), url);
}

async function readPage(response: IncomingMessage, url: URL): Promise<FetchedPage> {
  if (response.statusCode !== 200) throw new PageRefused('status');
  const type = mimeTypeOf(response.headers['content-type']);
  const contentType = type?.essence;
  if (contentType !== 'text/html' && contentType !== 'application/xhtml+xml') throw new PageRefused('type');
  const charset = type?.params.get('charset') ?? undefined;
  const body = await readBody(response);
  return { url: url.href.replace(/#.*$/, ''), contentType, ...(charset && { charset }), ...body };
}

function mimeTypeOf(header: string | undefined): MIMEType | undefined {
  try {
    return new MIMEType(header ?? '');
  } catch {
    return undefined;
  }
}

function parsed(address: string, base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (!url) throw new PageRefused('url');
  return url;
}

/** Not every resolver can be given up. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason as PageRefused);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** zlib's codes: Z_DATA_ERROR, and Brotli's ERR__ERROR_FORMAT_… */
const unpackingFailed = /^(?:Z_|ERR__)/;

function toRefusal(error: unknown): PageRefused {
  if (error instanceof PageRefused) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'HPE_HEADER_OVERFLOW') return new PageRefused('size', error);
  return new PageRefused(unpackingFailed.test(code) ? 'encoding' : 'unreachable', error);
}
