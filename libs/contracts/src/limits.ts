/**
 * The numbers that both sides need. Durations end in Ms, sizes in Bytes. LIMITS_FILE overrides them on the server before
 * anything that reads them is loaded. The page gets the overridden ones with index.html, before it starts.
 */
export const limits = {
  /** Graphemes a person may type in one message: what people count as characters. */
  messageGraphemes: 4_000,
  /** UTF-8 bytes of one message, checked before graphemes are counted so that counting stays cheap. */
  messageBytes: 16 * 1024,
  /** Combining marks in a row; living scripts need at most five, Zalgo text needs many. */
  combiningMarks: 8,
  /** Graphemes of a display name. */
  displayNameGraphemes: 32,
  /** UTF-8 bytes of a display name: an emoji of a family is one grapheme and 25 bytes. */
  displayNameBytes: 512,
  /** Graphemes of a username: from … */
  usernameLeast: 3,
  /** … to. */
  usernameGraphemes: 32,
  /** Characters of a password, at least … */
  passwordLeast: 8,
  /** … and its bytes at most: hashing must stay bounded. */
  passwordBytes: 256,
  /** Recovery codes of a member, made at once; a guest has one. */
  recoveryCodes: 8,
  /** Graphemes of the note that comes with a friend request … */
  noteGraphemes: 140,
  /** … and its UTF-8 bytes. */
  noteBytes: 2_048,
  /** Friend requests that one has sent and that wait for an answer. */
  openFriendRequests: 20,
  /** Friends of one person. */
  friends: 1_000,
  /** People one person has blocked or muted. */
  blocks: 1_000,
  /** Conversations pinned to the top of one person's list. */
  pins: 50,
  /** Names a guest may choose, in all … */
  guestNames: 5,
  /** … and a member, a day. */
  memberNamesPerDay: 2,
  /** Characters of a message that its conversation's line in a list shows. */
  previewCharacters: 160,
  /** Characters of a message that a reply to it quotes. */
  quoteCharacters: 200,
  /** A message names at most so many. */
  mentions: 20,
  /** Characters of all mention keys of one message: twenty long names, of nine characters in writing without spaces. */
  mentionKeyCharacters: 1_024,
  /** Former texts of one message that are kept: the latest. */
  messageEdits: 50,
  /** Characters of the title of a linked page … */
  previewTitleCharacters: 160,
  /** … and of what it says of itself. */
  previewDescriptionCharacters: 300,
  /** A draft is told to the server at most this often. */
  draftIntervalMs: 2_000,
  /** People of one group, invitations counted: a circle in which everybody can know what everybody has read. */
  groupMembers: 50,
  /** Graphemes of a group's title … */
  titleGraphemes: 64,
  /** … and its UTF-8 bytes. */
  titleBytes: 1_024,
  /** Groups that one person makes in a day, or is in as its owner: enough for every circle, too few for spam. */
  groupsPerDay: 20,
  /** Invitations of people who are not friends that one sent and that wait for an answer. */
  openInvitations: 20,
  /** Graphemes of a room's topic … */
  topicGraphemes: 250,
  /** … and its UTF-8 bytes. */
  topicBytes: 2_048,
  /** Characters of a room's slug. */
  slugCharacters: 64,
  /** The longest slow mode. */
  slowModeMs: 6 * 3_600_000,
  /** The shortest and … */
  retentionLeastMs: 3_600_000,
  /** … the longest retention of a room that has one: ten years. */
  retentionMostMs: 3_653 * 24 * 3_600_000,
  /** Rooms or members in one page of a list. */
  roomPage: 50,
  /** Invite links of one room that can still be used. */
  roomInvites: 50,
  /** Messages pinned in one conversation. */
  messagePins: 50,
  /** API tokens of one account. */
  apiTokens: 20,
  /** Characters of what somebody looks for. */
  searchCharacters: 256,
  /** Hits in one page of a search … */
  searchPage: 20,
  /** … and at most. Each hit costs a lookup of the text around it. */
  searchPageMax: 50,
  /** Mentions are looked for in so many of the latest messages, on every device alike: as many as a device stores. */
  mentionWindow: 500,
  /** Names that one typing:changed carries; its count says how many there are. */
  typingNames: 5,
  /** Who types says so this often at most … */
  typingRepeatMs: 3_000,
  /** … and is forgotten after this without a word: one may be lost. */
  typingShownMs: 8_000,
  /** Without activity on any device for so long somebody is idle. */
  idleAfterMs: 10 * 60_000,
  /** Different emoji on one message. */
  reactionKinds: 20,
  /** Rows in one page of history, at most. */
  historyPage: 100,
  /** Latest messages that opening a conversation answers. */
  openPage: 50,
  /** Conversations in one feed:sync. */
  syncConversations: 200,
  /** Changes of one conversation in one sync page or one live frame. */
  framePage: 100,
  /** Changed rows beyond which a sync answers a reset: a fresh snapshot is then cheaper than the difference. */
  resetBeyond: 500,
  /** Users in one user:lookup. */
  lookupUsers: 100,
  /** People in one page of who is here. */
  presencePage: 50,
  /** Names that one presence:changed carries; the counts say how many more there were. */
  presenceNames: 10,
  /** One socket frame or REST body; larger ones close the socket or answer 413. */
  payloadBytes: 64 * 1024,
  /** How long a deletion waits in the outbox, so that it can be undone. */
  undoDeleteMs: 5_000,
  /** Backoff of a reconnecting client, with full jitter: the first ceiling … */
  reconnectMinMs: 500,
  /** … and the last. */
  reconnectMaxMs: 30_000,
  /** An outbox entry older than this asks its author before it is sent. */
  outboxAskAfterMs: 7 * 24 * 3_600_000,
  /** Socket requests per second of one client; the SDK paces itself below this. */
  requestsPerSecond: 50,
  /** Requests of one socket that the server serves at once; more of them wait. The SDK stays at half of it. */
  requestsInFlight: 16,
};
export type Limits = typeof limits;

/**
 * Applies the limits that the other side has overridden. Ignores unknown names: a page and a server of two releases work
 * together.
 */
export function applyLimits(overrides: unknown): void {
  if (typeof overrides !== 'object' || overrides === null) return;
  const known: Record<string, number> = limits;
  for (const [name, value] of Object.entries(overrides) as [string, unknown][])
    if (Object.hasOwn(known, name) && typeof value === 'number' && value >= 0 && Number.isFinite(value))
      known[name] = value;
}

const defaults: Readonly<Limits> = { ...limits };

/** Returns the limits that differ from their defaults. */
export function overriddenLimits(): Partial<Limits> {
  const entries = Object.entries(limits) as [keyof Limits, number][];
  return Object.fromEntries(entries.filter(([name, value]) => value !== defaults[name]));
}
