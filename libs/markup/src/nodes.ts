/** What a message says, as blocks. Depth is bounded by the parser, so that whoever walks the tree may recurse. */
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
  /** The number of the first item, where it isn't 1. The others follow it: a list that skips numbers comes as two. */
  start?: number;
  items: Block[][];
}

export interface CodeBlock {
  kind: 'code';
  /** As it was typed, in lower case: no promise that anybody knows it. */
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
  /** Where it leads: absolute, http, https or mailto, without credentials. */
  href: string;
  /** The address as it was typed. */
  written: string;
  /** What is shown, which is never the address of somewhere else. */
  children: Inline[];
  /** The address stands in the text by itself, without a mark around it. */
  isBare: boolean;
}

export interface Break {
  kind: 'break';
}
