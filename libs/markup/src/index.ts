export type { Block, Break, CodeBlock, Inline, InlineCode, Link, List, Paragraph, Quote, Styled, Text } from './nodes';
export { parseMarkup } from './parse-markup';
export { plainText, previewLink } from './plain-text';
