/** Defaults of the limits of conversations and messages. Code reads `limits`, which may be overridden. */
export const conversationLimits = {
  /** Graphemes of one message: characters as people count them. */
  messageGraphemes: 4_000,
  /** UTF-8 bytes of one message, checked before graphemes are counted so that counting stays cheap. */
  messageBytes: 16 * 1024,
  /** Conversations that one user pins to the top of the list. */
  pins: 50,
  /** Characters of the latest message shown in the list of conversations. */
  previewCharacters: 160,
  /** Characters of a message that a reply to it quotes. */
  quoteCharacters: 200,
  /** Mentions in one message. */
  mentions: 20,
  /** Characters of all mention keys of one message: twenty long names, of nine characters in writing without spaces. */
  mentionKeyCharacters: 1_024,
  /** Latest messages that are searched for mentions: as many as a device stores, so that all devices agree. */
  mentionWindow: 500,
  /** Former texts kept per message; the oldest are dropped. */
  messageEdits: 50,
  /** Different emoji on one message. */
  reactionKinds: 20,
  /** Messages pinned in one conversation. */
  messagePins: 50,
  /** Characters of the title in a link preview. */
  previewTitleCharacters: 160,
  /** Characters of the description in a link preview. */
  previewDescriptionCharacters: 300,
  /** Maximum messages in one page of history. */
  historyPage: 100,
  /** Latest messages that opening a conversation returns. */
  openPage: 50,
  /** Characters of a search query. */
  searchCharacters: 256,
  /** Default number of hits in one page of a search. */
  searchPage: 20,
  /** Maximum number of hits in one page of a search. Each hit costs a lookup of its excerpt. */
  searchPageMax: 50,
  /** Minimum interval between two uploads of a draft. */
  draftIntervalMs: 2_000,
  /** Users that one typing:changed carries. Its count includes the others. */
  typingNames: 5,
  /** Interval at which a client repeats typing:set while its user types. */
  typingRepeatMs: 3_000,
  /** Time after which typing that was not repeated is no longer shown. One repeat may be lost. */
  typingShownMs: 8_000,
  /** Time that a deletion waits in the outbox, so that it can be undone. */
  undoDeleteMs: 5_000,
  /** Age beyond which an outbox entry is sent only after its author confirms. */
  outboxAskAfterMs: 7 * 24 * 3_600_000,
};
