import { createLowlight } from 'lowlight';
import { languageOf } from './code-languages';
import { createElement } from './markup-elements';

/** Highlighting reads a text many times; longer texts stay plain. */
const maxCharacters = 8_000;
/** Maximum nesting of spans: without it, nested template strings would nest as deep as they are long. */
const maxLevels = 12;

const tokens = {
  comment: ['comment', 'quote', 'doctag'],
  keyword: ['keyword', 'literal', 'selector-tag', 'name'],
  string: ['string', 'regexp', 'char', 'link'],
  number: ['number', 'symbol', 'bullet'],
  title: ['title', 'section', 'function', 'selector-class', 'selector-id'],
  type: ['type', 'class', 'built_in', 'variable', 'template-variable', 'selector-pseudo', 'selector-attr'],
  attr: ['attr', 'attribute', 'property', 'meta'],
  added: ['addition'],
  removed: ['deletion'],
} as const;

/** Classes of highlighted code; each has its colour among the page's tokens. */
export const codeClasses = Object.keys(tokens).map((token) => `code-${token}`);

const classOf = new Map(
  Object.entries(tokens).flatMap(([token, scopes]) => scopes.map((scope) => [scope as string, `code-${token}`])),
);

const lowlight = createLowlight();
type Nodes = ReturnType<typeof lowlight.highlight>['children'];

/**
 * Returns the text of a code block as coloured spans; undefined if it stays plain. Rejects if the language can't be
 * loaded; the next call tries again.
 */
export async function highlightCode(
  document: Document,
  text: string,
  language: string,
): Promise<DocumentFragment | undefined> {
  const found = languageOf(language);
  if (!found || text.length > maxCharacters) return undefined;
  if (!lowlight.registered(found.name)) lowlight.register(found.name, (await found.load()).default);
  return spansOf(document, lowlight.highlight(found.name, text).children);
}

/** Builds the nodes without recursion, because the author of the code controls the depth. */
function spansOf(document: Document, nodes: Nodes): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const open: { into: Node; nodes: Nodes; at: number }[] = [{ into: fragment, nodes, at: 0 }];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const node = top.nodes[top.at++];
    if (!node) open.pop();
    else if (node.type === 'text') top.into.appendChild(document.createTextNode(node.value));
    else if (node.type === 'element') {
      const token = open.length <= maxLevels ? tokenOf(node.properties['className']) : undefined;
      const into = token ? top.into.appendChild(createElement(document, 'span', { class: token })) : top.into;
      open.push({ into, nodes: node.children, at: 0 });
    }
  }
  return fragment;
}

/** Returns the token of a node's first class, such as hljs-title. Later classes only refine it. */
function tokenOf(classes: unknown): string | undefined {
  const first: unknown = Array.isArray(classes) ? classes[0] : undefined;
  return typeof first === 'string' ? classOf.get(first.replace(/^hljs-/, '')) : undefined;
}
