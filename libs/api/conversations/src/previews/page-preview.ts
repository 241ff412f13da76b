import { limits } from '@cloudhop/contracts';
import { Parser } from 'htmlparser2';
import { decodePage } from './page-charset';
import type { FetchedPage } from './page-fetcher';
import { previewText } from './preview-text';

/** Preview of a page: plain text, never markup. */
export interface PagePreview {
  title: string;
  description?: string;
  site?: string;
}

/** Elements whose titles and metas are not the page's: content without scripts, and drawings. */
const asideElements = new Set(['noscript', 'template', 'svg', 'math']);
/** Maximum depth of nested elements; each level slows the parser down. */
const maxDepth = 64;
const metaNames = new Set(['og:title', 'twitter:title', 'og:description', 'description', 'og:site_name']);
/** Robots directives that forbid quoting. noindex concerns search engines, and many pages for members have it. */
const unquotable = /(?:^|[\s,])(?:nosnippet|max-snippet\s*:\s*0)(?=$|[\s,])/i;

/** Returns the preview of a page; undefined without a title, and for a page that forbids quoting. */
export function readPreview(page: FetchedPage): PagePreview | undefined {
  const { metas, pageTitle, robots } = readHead(decodePage(page), page.contentType === 'application/xhtml+xml');
  if (unquotable.test(robots)) return undefined;
  const first = (texts: readonly (string | undefined)[], most: number) =>
    texts.map((text) => previewText(text, most)).find((text) => text !== undefined);
  const title = first([metas.get('og:title'), metas.get('twitter:title'), pageTitle], limits.previewTitleCharacters);
  if (title === undefined) return undefined;
  const descriptions = [metas.get('og:description'), metas.get('description')];
  const description = first(descriptions, limits.previewDescriptionCharacters);
  const site = first([metas.get('og:site_name')], limits.previewTitleCharacters);
  return { title, ...(description !== undefined && { description }), ...(site !== undefined && { site }) };
}

interface Head {
  /** Metas by name or property in lower case; the first non-empty value counts. */
  metas: Map<string, string>;
  pageTitle: string;
  /** All robots directives of the page. */
  robots: string;
}

/** Reads the head of a page. Stops at the body, because content of users must not set the preview. */
function readHead(html: string, isXml: boolean): Head {
  const head: Head = { metas: new Map(), pageTitle: '', robots: '' };
  let depth = 0;
  let asides = 0;
  let isInTitle = false;
  const parser = new Parser(
    {
      onopentag(tag, attributes) {
        if (tag === 'body' || ++depth > maxDepth) return parser.pause();
        if (asideElements.has(tag)) asides++;
        else if (asides > 0) return;
        else if (tag === 'title') isInTitle = head.pageTitle === '';
        else if (tag === 'meta') keepMeta(head, attributes);
      },
      ontext(text) {
        if (isInTitle) head.pageTitle += head.pageTitle === '' ? text.trimStart() : text;
      },
      onclosetag(tag) {
        depth--;
        if (tag === 'head') parser.pause();
        else if (tag === 'title') isInTitle = false;
        else if (asideElements.has(tag)) asides--;
      },
    },
    { recognizeSelfClosing: isXml, recognizeCDATA: isXml },
  );
  parser.write(html);
  parser.end();
  return head;
}

/**
 * Stores a meta under its name and its property: one can have both, as in name="description" property="og:description".
 */
function keepMeta(head: Head, { name = '', property = '', content = '' }: Record<string, string>): void {
  for (const key of [name.trim().toLowerCase(), property.trim().toLowerCase()])
    if (key === 'robots') head.robots += `,${content}`;
    else if (metaNames.has(key) && !head.metas.has(key) && content.trim() !== '') head.metas.set(key, content);
}
