/** A piece of a message: plain text, or text that leads somewhere. */
export interface TextPiece {
  text: string;
  href?: string;
}
