/** Defaults of the limits of conversations and messages. Code reads `limits`, which may be overridden. */
export const conversationLimits = {
  /** Graphemes a person may type in one message: what people count as characters. */
  messageGraphemes: 4_000,
  /** UTF-8 bytes of one message, checked before graphemes are counted so that counting stays cheap. */
  messageBytes: 16 * 1024,
  /** Conversations pinned to the top of one person's list. */
  pins: 50,
  /** Characters of a message that its conversation's line in a list shows. */
  previewCharacters: 160,
  /** Characters of a message that a reply to it quotes. */
  quoteCharacters: 200,
  /** A message names at most so many. */
  mentions: 20,
  /** Characters of all mention keys of one message: twenty long names, of nine characters in writing without spaces. */
  mentionKeyCharacters: 1_024,
  /** Mentions are looked for in so many of the latest messages, on every device alike: as many as a device stores. */
  mentionWindow: 500,
  /** Former texts of one message that are kept: the latest. */
  messageEdits: 50,
  /** Different emoji on one message. */
  reactionKinds: 20,
  /** Messages pinned in one conversation. */
  messagePins: 50,
  /** Characters of the title of a linked page … */
  previewTitleCharacters: 160,
  /** … and of what it says of itself. */
  previewDescriptionCharacters: 300,
  /** Rows in one page of history, at most. */
  historyPage: 100,
  /** Latest messages that opening a conversation answers. */
  openPage: 50,
  /** Characters of what somebody looks for. */
  searchCharacters: 256,
  /** Hits in one page of a search … */
  searchPage: 20,
  /** … and at most. Each hit costs a lookup of the text around it. */
  searchPageMax: 50,
  /** A draft is told to the server at most this often. */
  draftIntervalMs: 2_000,
  /** Names that one typing:changed carries; its count says how many there are. */
  typingNames: 5,
  /** Who types says so this often at most … */
  typingRepeatMs: 3_000,
  /** … and is forgotten after this without a word: one may be lost. */
  typingShownMs: 8_000,
  /** How long a deletion waits in the outbox, so that it can be undone. */
  undoDeleteMs: 5_000,
  /** An outbox entry older than this asks its author before it is sent. */
  outboxAskAfterMs: 7 * 24 * 3_600_000,
};
