import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { overriddenLimits } from '@cloudhop/contracts/limits';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { nonceOf } from './security-headers';

/** Names that the build makes from the content: such a file never changes. Those of chunks are in base64url. */
const hashedName = /-[A-Z0-9]{8}\.(?:js|css|woff2?|png|svg|jpe?g|webp|avif|ico)$|\/chunk-[\w-]{8}\.js$/;
/** Stands in index.html wherever the request's nonce belongs. */
const noncePlaceholder = 'CSP_NONCE';
const yearS = 31_536_000;

/** The built index.html, read again when a new build has replaced it. */
class Index {
  #text?: string;
  #changedAt = 0;

  constructor(private readonly path: string) {}

  /** Undefined when the page has not been built. */
  async read(): Promise<string | undefined> {
    try {
      const { mtimeMs } = await stat(this.path);
      if (this.#text === undefined || mtimeMs !== this.#changedAt) {
        this.#text = await readFile(this.path, 'utf8');
        this.#changedAt = mtimeMs;
      }
      return this.#text;
    } catch {
      return undefined;
    }
  }
}

/** Returns index.html with the limits that LIMITS_FILE overrides, which the page applies before it starts. */
function withLimits(html: string): string {
  const overridden = overriddenLimits();
  if (Object.keys(overridden).length === 0) return html;
  // Holds names and numbers only: nothing has to be escaped.
  return html.replace('</head>', `<meta name="cloudhop-limits" content='${JSON.stringify(overridden)}' /></head>`);
}

function isServerPath(path: string): boolean {
  return /^\/(?:api|socket\.io)(?:\/|$)/.test(path);
}

/** True for what a person opens: an address of the page, not one of its files. */
function isNavigation(request: Request): boolean {
  // The file as it was built has no nonce: it is only ever answered rendered.
  if (request.path === '/index.html' || request.path === '/') return true;
  // A person's name may look like a file's.
  if (!request.path.startsWith('/u/') && /\.[A-Za-z0-9]{1,8}$/.test(request.path)) return false;
  return (request.headers.accept ?? '').includes('text/html');
}

/** Serves the built page: files with caching, and index.html with a fresh nonce for every address of the page. */
export function servePage(webDir: string): RequestHandler {
  const index = new Index(join(webDir, 'index.html'));
  const files = express.static(webDir, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      const caching = hashedName.test(path) ? `public, max-age=${yearS}, immutable` : 'no-cache';
      response.setHeader('Cache-Control', caching);
    },
  });

  const answerIndex = async (request: Request, response: Response, next: NextFunction) => {
    const text = await index.read();
    if (text === undefined) return next();
    response.setHeader('Cache-Control', 'no-store');
    response.type('html').send(withLimits(text).replaceAll(noncePlaceholder, nonceOf(request)));
  };

  return (request, response, next) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || isServerPath(request.path)) return next();
    if (isNavigation(request)) {
      answerIndex(request, response, next).catch(next);
      return;
    }
    files(request, response, next);
  };
}
