/** All that a message can put into the page: elements, and the attributes that each may have. Nothing else comes out. */
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

/** The classes that these elements may have. Those of code name what a piece is, not how it looks. */
export const markupClasses = ['code', 'bar', 'language', 'mention', 'me', 'copy'] as const;

type Elements = typeof markupElements;
type Attributes<Name extends keyof Elements> = Partial<Record<Elements[Name][number], string>>;

/** An element of the table, with those of its attributes that have a value. Text among `children` stays text. */
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
