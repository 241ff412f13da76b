/** Allowlist of elements that a message can put into the page, each with its allowed attributes. */
export const markupElements = {
  p: [],
  br: [],
  strong: [],
  em: [],
  s: [],
  blockquote: [],
  ul: [],
  ol: ['start'],
  li: [],
  code: [],
  pre: ['tabindex', 'role', 'aria-label'],
  div: ['class'],
  span: ['class'],
  a: ['href', 'target', 'rel', 'tabindex', 'title'],
  button: ['type', 'class', 'tabindex', 'title', 'data-author', 'data-copy'],
} as const;

/** Allowed classes of these elements. Those of code name the token, not its look. */
export const markupClasses = ['code', 'bar', 'language', 'mention', 'me', 'copy'] as const;

type Elements = typeof markupElements;
type Attributes<Name extends keyof Elements> = Partial<Record<Elements[Name][number], string>>;

/**
 * Creates an element of the allowlist with those attributes that have a value. Strings among `children` become text
 * nodes.
 */
export function createElement<Name extends keyof Elements>(
  document: Document,
  name: Name,
  attributes: Attributes<Name>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  const names: readonly Elements[Name][number][] = markupElements[name];
  for (const attribute of names) {
    const value = attributes[attribute];
    if (value !== undefined) element.setAttribute(attribute, value);
  }
  element.append(...children);
  return element;
}
