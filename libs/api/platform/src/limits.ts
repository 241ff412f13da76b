import { limits as contractLimits } from '@cloudhop/contracts/limits';
import * as z from 'zod';
import { ConfigurationError } from './configuration-error';
import { readConfigurationFile } from './env';

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/**
 * Limits of the server, each with its reason. Durations end in Ms, sizes in Bytes. The first import of the program
 * applies LIMITS_FILE to them, and to the limits of the contract, before any other module is loaded.
 */
export const limits = {
  /** Unknown Hosts that are logged, each once: enough to show a wrong setting, and a scan doesn't flood the log. */
  loggedHosts: 20,
  /** Sockets of one user on this node: a person's tabs and devices, and no more. */
  socketsPerUser: 10,
  /** Timeout for the authentication of a socket, after which it is closed. */
  connectTimeoutMs: 5 * second,
  /** Time to renew an expired token. It covers a slow refresh and a lost reply. */
  tokenGraceMs: minute,
  /** Interval of the shared sweep for expired tokens and slow readers, instead of a timer per connection. */
  sweepIntervalMs: second,
  /** Interval at which a node reads its memory and the delay of its event loop. */
  loadCheckIntervalMs: second / 2,
  /** Resolution of the measured delay of the event loop. */
  loopDelayResolutionMs: 20,
  /** Share of its memory (heap, or container) from which a node refuses new sockets, guests and reads. */
  shedReadsMemoryPercent: 85,
  /** Share from which it refuses sends too: the rest is for what was accepted. */
  shedAllMemoryPercent: 93,
  /** Median delay of the event loop from which new sockets, guests and reads are refused: everybody notices it. */
  shedReadsLoopDelayMs: 500,
  /** Median delay from which sends are refused too: their clients give up soon. */
  shedAllLoopDelayMs: 2 * second,
  /** Lower readings in a row after which a node accepts more again. */
  calmReadings: 4,
  /** Wait of a client that an overloaded node refused. */
  overloadedRetryMs: 3 * second,
  /** Time without running after which a process closes its sockets: who may read may have changed meanwhile. Longer than sweepIntervalMs, and than any work of the event loop. */
  freezeMs: 5 * second,
  /** Refused events within refusedWindowMs after which a socket is disconnected as hostile. */
  refusedEvents: 500,
  /** Window in which refused events are counted. */
  refusedWindowMs: 10 * second,
  /** Packets of one connection other than events, within the same time: a client answers one ping in 25 s, and connects once. */
  strayPackets: 20,
  /** A user whose socket was cut off as hostile can connect again after this: connecting is what costs the server most. */
  hostileWaitMs: 30 * second,
  /** Bytes buffered for a client that does not read, before it is disconnected: two full pages of history, which a slow connection may need a while for. */
  socketBufferBytes: 4 * 1024 * 1024,
  /** Packets buffered for a client that does not read: small frames cost memory too. */
  socketBufferPackets: 2_000,
  /** Bytes buffered right after a reply. A fast reader of large pages stays below; a client that requests and never reads does not. */
  socketBurstBytes: 8 * 1024 * 1024,
  /** Retry delay for a user with too many sockets: by then pings have found the dead ones. */
  tooManySocketsRetryMs: 15 * second,
  /** Minimum interval between two log lines of a refused header: refused clients retry every few seconds. */
  refusedHeaderLogMs: minute,
  /** Handshakes per minute of one address on this node: a lecture hall behind one NAT reloads at once, several times. */
  handshakesPerMinute: 1_200,

  /** Text in one answer of feed:sync; the rest is left for the next one. A page of the longest messages has as much. */
  syncBytes: 1024 * 1024,
  /** Text in one page of pins or of former texts: some seconds over a slow phone connection. */
  detailsBytes: 256 * 1024,
  /** Requests of one socket that wait for their turn: a second's worth at the full pace, and a little more. */
  socketRequestQueue: 64,
  /** Requests of one user in flight, over all sockets and REST: two tabs that do all they can. */
  userRequestsInFlight: 32,
  /** Queued requests of one user: all ten sockets at their maximum. */
  userRequestQueue: 256,
  /** Reads of one user in flight: the sync of one tab, and a conversation that is opened meanwhile. */
  userReadsInFlight: 2,
  /** Sends and changes of one user that wait for a commit: a tenth of commitQueue, so that nobody fills it. */
  userCommitsInFlight: 500,
  /** Reads of one address in flight: half of the pool, so that other addresses find a connection. */
  addressReadsInFlight: 8,
  /** Queued reads of one address: 1,000 tabs of a school that reconnect at once, each with a sync and three opens. */
  addressReadQueue: 4_000,
  /** Requests without a user in flight, by address: a class of 60 that signs in at once. */
  addressRequestsInFlight: 64,
  /** Queued requests without a user, by address: as many as addressRequestsPerMinute admits. */
  addressRequestQueue: 1_200,
  /**
   * Work of one user per minute, at once or spread. Each answered row costs one, and each KiB costs one. Coming back to
   * 200 conversations costs 230; 200 answers of 100 rows each cost 30,000; nobody reads more than twice that.
   */
  userWorkPerMinute: 60_000,
  /** Work of one address per minute: 1,000 tabs of a school that reconnect after a restart cost 300 each, twice in a minute. */
  addressWorkPerMinute: 600_000,

  /** REST requests per minute of one address, whatever they are: generous, as many people can share one. */
  addressRequestsPerMinute: 1_200,
  /** REST requests per minute of one user: a program that posts twice a second, with room to read. */
  userRequestsPerMinute: 300,
  /** POST /auth/guest per minute of one address: each may make a row, and a class of 60 may arrive together. */
  guestsPerMinute: 60,
  /** POST /auth/refresh and logout per minute of one address: a hall of 300 whose tabs all reload. */
  refreshesPerMinute: 600,
  /** POST /auth/register per minute of one address: a class of 60 that registers at once. */
  signInsPerMinute: 120,
  /** Passwords hashed at once: each takes a core for some 50 ms and 19 MiB. */
  passwordHashes: 2,
  /** Passwords queued for hashing: two seconds of work. Beyond it the error is `overloaded`. */
  passwordQueue: 50,
  /** Length of that queue up to which unknown devices are admitted, so that a known one finds room. */
  passwordQueueUnknown: 40,
  /** Length of that queue up to which addresses that try many names are admitted. */
  passwordQueueSuspected: 20,
  /** Wrong passwords without a wait, within an hour, for one name from one address, on one known device or in one session. Further ones wait 1 s, then twice as long each time. */
  freeLogInTries: 5,
  /** Maximum wait after wrong passwords. */
  logInWaitMs: 15 * minute,
  /** Wrong passwords without a wait for one name from all unknown devices: high, because strangers cause them. */
  freeNameLogInTries: 100,
  /** Maximum wait after wrong passwords of unknown devices. */
  nameLogInWaitMs: minute,
  /** Names that one address may try with wrong passwords within an hour without a delay: many people may share it. Each further one delays its unknown devices. */
  freeAddressLogInTries: 50,
  /** Delay added by each further name. */
  logInDelayStepMs: 100,
  /** Maximum delay by further names. They never cause a refusal. */
  logInDelayMs: 2 * second,
  /** Time that a device stays known after a member logged in on it: the maximum age of a cookie in browsers. */
  deviceCookieMs: 400 * day,
  /** Devices of one user that are listed, and signed out in one request. */
  sessionsListed: 100,
  /** Time that former names of a member are shown. */
  formerNamesMs: 30 * day,
  /** Maximum number of former names that are shown. */
  formerNames: 5,
  /** Time after which a user whose friend request was declined may send another one. */
  declinedMs: 7 * day,
  /** Friend requests, blocks and the like of one user, per minute. */
  peopleChangesPerMinute: 60,
  /** Exact searches and profiles per minute of one user: enough for a person, too few to list everybody. */
  profilesPerMinute: 120,
  /** Direct conversations that one user opens per minute. */
  directsPerMinute: 30,
  /** Interval at which memberships of deleted users are removed. */
  deletedUserCleanupIntervalMs: 60 * minute,
  /** Only users deleted within this time are considered, so that the search does not grow with the years. */
  deletedUserCleanupWithinMs: 7 * day,
  /** Memberships removed in one step. */
  deletedUserCleanupStep: 100,
  /** Changes of name per minute of one user. */
  renamesPerMinute: 10,
  /** REST sends per minute of one user. Programs use them. */
  restSendsPerMinute: 120,

  /** Timeout for the headers of a request. */
  requestHeadersMs: 10 * second,
  /** Timeout for a whole request: 64 KiB over a bad phone connection. */
  requestMs: 30 * second,
  /** Interval of the check for both: with Node's own 30 s, a late connection would live for up to that much longer. */
  requestCheckIntervalMs: second / 2,
  /** An idle connection is kept for longer than the minute for which proxies reuse theirs. */
  keepAliveMs: 65 * second,

  /** Warnings and errors of one kind that are logged within logRepeatsMs. More are counted. */
  logRepeats: 20,
  /** Interval after which the counted ones are logged as one line. */
  logRepeatsMs: 10 * second,

  /** Time that a stopping server waits for its clients to disconnect. */
  drainMs: 5 * second,
  /** Time for answers that are under way after the drain; then every connection is closed. */
  closeMs: second / 2,
  /** Time after which a stopping process exits whatever hangs: less than process managers grant. */
  stopMs: 20 * second,
  /** Jitter of the reconnect delay that clients receive from a stopping server, so that they do not reconnect at once. */
  drainJitterMs: 2 * second,
  /** Wait of a client while the database is unreachable or has no room: a restart is over within seconds. */
  unavailableRetryMs: second,
  /** Readiness: an answer of the database that takes longer counts as none. */
  readyTimeoutMs: second,
  /** Probes within this time share one answer: they are not limited, so they must cost next to nothing. */
  readyKeptMs: second / 2,
  /** Requests of the status within this time share one answer. */
  statusKeptMs: second,

  /** Connections of one node; commits, lanes and reads of two cores never need more, and six nodes fit Postgres' 100. */
  poolConnections: 16,
  /** Statements that wait for a connection of the pool, each a few KB: a storm of reads while Postgres is away. Beyond it the error is `unavailable`. */
  poolQueue: 5_000,
  /** Waiting for a connection to Postgres, or for one of the pool to be free. */
  databaseConnectTimeoutMs: 5 * second,
  /** Time beyond statementTimeoutMs after which a connection that does not answer is closed: Postgres is stopped, or the network drops packets. */
  databaseAnswerMarginMs: 2 * second,
  /** Waiting for a row: longer means that something is wrong, and the statement is tried again. */
  lockTimeoutMs: second,
  /** One statement: a page of history takes milliseconds. */
  statementTimeoutMs: 5 * second,
  /** A transaction in which nothing happens holds its locks for nothing. */
  idleInTransactionTimeoutMs: 2 * second,

  /** Timeout for a connection to Redis. */
  redisConnectMs: 2 * second,
  /** Redis is cut off if it answers a command with nothing for this long: a paused one keeps its connections. */
  redisSilentMs: 2 * second,
  /** Maximum wait between two tries to connect to Redis: what is back is used within that time. */
  redisReconnectMs: second,
  /** Interval at which the role of Redis is checked: a primary may become a replica without closing a connection. */
  redisCheckMs: 10 * second,
  /** Time that a request waits for a limit which Redis counts: then all limits are counted by each node, until a probe is answered in time. */
  limitsWaitMs: 50,
  /** Interval of those probes. */
  limitsProbeMs: second / 2,
  /** Commands of the bus in flight. A thousand frames are some 50 ms of work of Redis. */
  busPublishesInFlight: 1_000,
  /** Bytes of the bus in flight. Beyond either limit messages are dropped: the comparison of heads repairs them. */
  busBytesInFlight: 8 * 1024 * 1024,
  /** Time without an answer of Redis after which messages are dropped instead of being queued behind it. */
  busStallMs: second / 2,
  /** Size of one message on the bus: a whole commit of 200 messages. */
  busMessageBytes: 1024 * 1024,
  /** Time that a new subscription waits for Redis' answer. What is lost without it is found by the comparison of heads. */
  busSubscribeMs: second / 4,
  /** Channels in one SUBSCRIBE. */
  busSubscribeChunk: 1_000,
  /** Interval at which a node sends a message to itself, to see that the bus works in both directions. */
  busProbeMs: second / 2,
  /** Time without such a message after which the bus counts as interrupted. */
  busSilentMs: 2 * second,
  /** Time without such a message after which the clients are made anew: they may have lost subscriptions. */
  busRenewMs: 8 * second,
  /** Minimum interval between two gaps that the bus reports: each makes all nodes compare their heads and presence. */
  busGapMs: second,

  /** Maximum wait for a lock in a migration, as other queries wait behind it. Then it rolls back and retries. */
  migrationLockMs: 2 * second,
  /** Maximum retries of a migration. */
  migrationRetries: 40,
  /** One statement of a migration: an index over millions of messages takes minutes. */
  migrationStatementMs: 30 * minute,

  /** Maximum operations of one group commit. */
  batchOperations: 200,
  /** Maximum text of one group commit. */
  batchBytes: 256 * 1024,
  /** Operations queued for a commit. Beyond it the error is `overloaded`. */
  commitQueue: 5_000,
  /** Time that a frame which arrived out of order waits for the one before it. */
  earlyFrameMs: 250,
  /** Interval at which a node compares the heads of its feeds with Postgres: the delay after a lost message on the bus. */
  headCheckIntervalMs: 2 * second,
  /** Interval at which a node compares the sessions of its sockets with Postgres: a revoked device stays connected for no longer when the message between nodes was lost. */
  sessionCheckIntervalMs: 2 * second,
  /** Heads, or sessions, in one such query. */
  headCheckChunk: 1_000,
  /** Time that a sequencer outlives its last local subscriber, so that a reload finds it warm. */
  sequencerIdleMs: minute,
  /** Changes kept in memory per feed, from which syncs are served. */
  sequencerRing: 500,
  /** Minimum interval between two frames of one conversation. */
  frameIntervalMs: 10,
  /** Minimum interval between two frames as a multiple of the last fan-out, which so takes at most a fifth of the time. */
  frameFanoutFactor: 4,
  /** Text in one live frame. */
  frameBytes: 64 * 1024,
  /** Sockets of one slice of a conversation; the event loop breathes between two. */
  shardSockets: 1_000,
  /** Rooms to which a socket is subscribed from its handshake; to others when they are opened. */
  followedRooms: 100,
  /** Time without a successful authority check after which a node stops delivering private conversations. */
  uncheckedDeliveryMs: 30 * second,
  /** Members beyond which joins and leaves take no rev. */
  memberRevs: 100,
  /** Retention of the lobby. */
  lobbyRetentionMs: day,
  /** Interval at which expired messages are deleted. */
  retentionIntervalMs: minute,
  /** Messages deleted by one statement. */
  retentionStep: 1_000,
  /** Time for which the former address of a room leads to it, and no other room can take it. */
  formerSlugMs: 30 * day,
  /** Interval at which expired slugs and bans by address are removed: a minute is exact enough, and costs two lookups in small indexes. */
  roomSweepIntervalMs: minute,
  /** Guests unbanned in one run: each is a change of its own. */
  roomSweepStep: 200,
  /** Time for which a ban of a guest holds for new guests from the same address: addresses change hands in days. */
  addressBanMs: day,
  /** Users of an address within an hour above which it is not banned: a school, or a provider's shared address. */
  addressBanUsers: 20,
  /** Conversations from which one new guest can be banned by address: more than anybody is banned from in a day. */
  addressBansOfGuest: 50,
  /** Interval at which missing mention keys are computed, which a node of the previous release doesn't store. Until then texts are read. */
  mentionBackfillIntervalMs: 5 * second,
  /** Messages in one step of that: some 400 KB of text at most without edits, and locks for milliseconds. */
  mentionBackfillStep: 100,
  /** Least time between two writes of somebody's read mark in one conversation. */
  readMarkIntervalMs: second,
  /** Read marks that may wait to be written. */
  readMarkQueue: 20_000,
  /** Drafts that may wait to be written. */
  draftQueue: 5_000,
  /** Time that the idempotency key of a message outlives its text, for late retries. */
  keyRetentionMs: 30 * day,
  /** Minimum interval between two presence:changed, in which joins and leaves are coalesced. */
  presenceIntervalMs: second,
  /** Delay after which a disconnected user counts as gone: a reload is not a departure. */
  presenceGraceMs: 5 * second,
  /** Time after an interruption between nodes in which their users return without a notice. */
  presenceHealMs: 6 * second,
  /** Interval of the heartbeat of a node. */
  nodeBeatMs: 5 * second,
  /** Lease of a node, after which it and its users count as gone: three heartbeats may be lost. */
  nodeLeaseMs: 18 * second,
  /** Interval at which a node publishes the changes of its users to the others, while there are any. */
  statePublishMs: 500,
  /** Bytes of one message about a node's users, unless a single entry is larger. */
  stateMessageBytes: 32 * 1024,
  /** Messages about its users that a node publishes per statePublishMs: a full state of 10,000 users takes some 3 s. */
  stateMessages: 16,
  /** Time without an answer after which a node asks another one again for its full state. */
  stateAskMs: second,
  /** Entries that a node keeps of another one. The rest is not shown. */
  stateEntries: 100_000,
  /** Resolution of last seen, so that it can't be used to follow somebody's day. */
  lastSeenRoundMs: 5 * minute,
  /** Interval at which last seen is written while a user is online: the loss when a node dies. */
  lastSeenWriteMs: 5 * minute,
  /** Queued writes of last seen. */
  lastSeenQueue: 20_000,
  /** Minimum interval between two typing:changed of one conversation. */
  typingIntervalMs: second,
  /** Lease of a typing user: more than twice the contract's typingRepeatMs. */
  typingLeaseMs: 7 * second,
  /** Minimum interval between two read:changed of one conversation. */
  readTellIntervalMs: 500,
  /** Groups, members and invitations of one user, per minute. */
  groupChangesPerMinute: 60,

  /** Public rooms that one guest creates per day. 0: guests create none. */
  guestRoomsPerDay: 3,
  /** Rooms that one member creates per day. */
  memberRoomsPerDay: 20,
  /** Rooms of one user. All of them are in the reply to the first sync. */
  roomsOfOne: 500,
  /** Rooms, their settings, members and links of one user, per minute. */
  roomChangesPerMinute: 60,
  /** Interval at which the activity of rooms is written. */
  roomActivityIntervalMs: 10 * second,
  /** Online members listed first in the list of the members of a room. */
  membersHere: 1_000,
  /** Searches per minute of one user: as one types, and pages on. */
  searchesPerMinute: 120,
  /** Candidates that one step of a search looks at. */
  searchStep: 100,
  /** Steps of one search. Then it returns its hits so far, and a cursor. */
  searchSteps: 20,
  /** Delay after which a message is indexed for search. */
  indexDelayMs: 200,
  /** Interval at which messages that a dead node left unindexed are found. */
  indexSweepMs: 15 * second,
  /** Conversations, and messages of each, that one step of the indexer takes. */
  indexConversations: 50,
  indexMessages: 200,
  /** Bytes read of a page for its preview, after decompression. Titles are in the first kilobytes. */
  previewBytes: 512 * 1024,
  /** Timeout for reading a page, redirects and DNS lookups included. */
  previewTimeoutMs: 5 * second,
  /** Redirects that are followed, each checked like the first address. */
  previewRedirects: 3,
  /** Pages that one node fetches at once. */
  previewFetches: 4,
  /** Pages that one author's messages have fetched per minute: enough for a talk, too few to turn the server on somebody. */
  previewsPerMinute: 20,
  /** Time for which a link preview is cached. */
  previewKeptMs: 7 * day,
  /** Time for which a page without a preview, or one that could not be reached, is cached. */
  previewFailedMs: 60 * minute,
  /** Maximum age of a message that gets a preview, so that rebuilding an index does not fetch old pages. */
  previewWithinMs: 60 * minute,
  /** Minimum interval between two writes of the time that an API token was used. */
  tokenUseIntervalMs: minute,

  /** Lifetime of access tokens. */
  accessTokenMs: 10 * minute,
  /** Sliding lifetime of a member's refresh token. */
  memberSessionMs: 90 * day,
  /** Sliding lifetime of a guest's refresh token, and of the guest. */
  guestSessionMs: 30 * day,
  /** After the successor was presented, the token before it still answers the current one for this long. */
  refreshOverlapMs: minute,
  /** Uses of a session's refresh tokens within refreshOverlapMs that are remembered; beyond it tokens stop rotating for the moment. */
  refreshUses: 64,
  /** Minimum interval between two writes of the time a user was seen: a row per hour, not per refresh. */
  lastSeenIntervalMs: 60 * minute,
  /** Interval at which guests who were not seen for guestSessionMs are deleted. */
  guestSweepIntervalMs: 60 * minute,
  /** Guests read in one step. */
  guestSweepStep: 500,
};
export type PlatformLimits = typeof limits;

const Overrides = z.record(z.string(), z.number().nonnegative());

/** Former names of limits, which LIMITS_FILE may use for one more release. */
const formerNames: Readonly<Record<string, string>> = {
  departuresIntervalMs: 'deletedUserCleanupIntervalMs',
  departuresStep: 'deletedUserCleanupStep',
  departuresWithinMs: 'deletedUserCleanupWithinMs',
  passwordLeast: 'passwordMinLength',
  presenceBeatMs: 'nodeBeatMs',
  presenceLeaseMs: 'nodeLeaseMs',
  retentionLeastMs: 'retentionMinMs',
  retentionMostMs: 'retentionMaxMs',
  usernameLeast: 'usernameMinLength',
};

const currentName = (name: string): string => (Object.hasOwn(formerNames, name) ? formerNames[name]! : name);

/**
 * Writes the numbers of `overrides` over the limits of platform and contract. A former name counts as the current one.
 * Throws a ConfigurationError for a name that neither knows. Returns the current names.
 */
export function overrideLimits(overrides: unknown): string[] {
  const parsed = Overrides.safeParse(overrides);
  if (!parsed.success) throw new ConfigurationError('LIMITS_FILE must hold one JSON object of names and numbers.');
  const targets: Record<string, number>[] = [limits, contractLimits];
  const values = Object.entries(parsed.data).map(([name, value]) => [currentName(name), value] as const);
  const ownersOf = (name: string) => targets.filter((target) => Object.hasOwn(target, name));
  const unknown = values.flatMap(([name]) => (ownersOf(name).length === 0 ? [name] : []));
  if (unknown.length > 0)
    throw new ConfigurationError(unknown.map((name) => `LIMITS_FILE names ${name}, which is no limit.`));
  for (const [name, value] of values) for (const owner of ownersOf(name)) owner[name] = value;
  return values.map(([name]) => name);
}

/** Applies the file that LIMITS_FILE names. Returns the overridden names. */
export function loadLimits(path: string | undefined): string[] {
  return path === undefined ? [] : overrideLimits(readConfigurationFile('LIMITS_FILE', path));
}
