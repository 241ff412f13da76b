/** Block of a message. The parser bounds the depth, so that code may recurse over the tree. */
export type Block = Paragraph | Quote | List | CodeBlock;

export interface Paragraph {
  kind: 'paragraph';
  children: Inline[];
}

export interface Quote {
  kind: 'quote';
  children: Block[];
}

export interface List {
  kind: 'list';
  isOrdered: boolean;
  /** Number of the first item if it isn't 1. The others follow it; a list that skips numbers is parsed as two. */
  start?: number;
  items: Block[][];
}

export interface CodeBlock {
  kind: 'code';
  /** As typed, in lower case. It may be unknown. */
  language?: string;
  text: string;
}

export type Inline = Text | Styled | InlineCode | Link | Break;

export interface Text {
  kind: 'text';
  text: string;
}

export interface Styled {
  kind: 'strong' | 'em' | 'strike';
  children: Inline[];
}

export interface InlineCode {
  kind: 'code';
  text: string;
}

export interface Link {
  kind: 'link';
  /** Target: an absolute http, https or mailto address without credentials. */
  href: string;
  /** The address as it was typed. */
  written: string;
  /** Shown text. It never reads like the address of another host. */
  children: Inline[];
  /** True for an address in the text without link markup. */
  isBare: boolean;
}

export interface Break {
  kind: 'break';
}
