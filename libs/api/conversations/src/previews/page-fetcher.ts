import { limits } from '@cloudhop/api/platform';
import { get as getPlainly, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { MIMEType } from 'node:util';
import { acceptedEncodings, readBody, type PageBody } from './page-body';
import { askNameServers, askSystem, checkAddress, findHost, hostKey, type PageHost, type Resolve } from './page-host';
import { PageRefused } from './page-refused';
import { openSocket, type OpenSocket } from './page-socket';

/** A page as it was received. */
export interface FetchedPage extends PageBody {
  /** Final address after redirects, without a fragment. */
  url: string;
  contentType: 'text/html' | 'application/xhtml+xml';
  /** Charset from the Content-Type header, unchecked. */
  charset?: string;
}

export interface FetchWays {
  /**
   * Hosts that an administrator has allowed, as hostKey writes them: fetched even if private, on any port. The link
   * must point there, or redirect among them; otherwise any page could choose internal addresses.
   */
  allowedHosts: ReadonlySet<string>;
  /** User-Agent of the request. */
  agentName: string;
  signal?: AbortSignal;
  /** Resolver. By default name servers, and the system for allowedHosts. */
  resolve?: Resolve;
  /** Opens a connection to one of the checked addresses. */
  openSocket?: OpenSocket;
}

/** Maximum bytes of a response's head: twice the policies and cookies of large sites. */
const headBytes = 32 * 1024;
/** Maximum number of informational responses (early hints and the like). */
const earlyHeads = 4;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches the page of an address without identity: no cookies, no referrer, no proxy of the environment. Connects only
 * to public hosts and allowedHosts. Ends within previewTimeoutMs, with its sockets destroyed. Throws only PageRefused.
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
  // Ends with the first address outside allowedHosts: an outside page must not redirect inside.
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
    // A secure link must not be downgraded: whoever controls the network could read it.
    if (url.protocol === 'https:' && answer.protocol !== 'https:') throw new PageRefused('scheme');
    url = answer;
  }
  throw new PageRefused('redirects');
}

/** Sends one request. Returns the page, or the address of a redirect. */
async function ask(url: URL, host: PageHost, ways: FetchWays, signal: AbortSignal): Promise<FetchedPage | URL> {
  const socket = (ways.openSocket ?? openSocket)(host);
  // The request reports its errors; an error before it listens must not end the process.
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
      // A socket of its own means no agent: no keep-alive, and no proxy of the environment.
      const options = { createConnection: () => socket, headers, maxHeaderSize: headBytes, insecureHTTPParser: false };
      const request = get(url, options, resolve);
      let early = 0;
      request.on('information', () => ++early > earlyHeads && request.destroy());
      request.on('error', reject);
      // A response that upgrades the protocol ends without an error.
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
  // Servers send raw UTF-8; Node decodes the header as Latin-1.
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

/** Rejects when the signal aborts, for work that can't be aborted itself. */
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
