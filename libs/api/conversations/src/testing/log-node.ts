import {
  type Actor,
  type AppSocket,
  Draining,
  type Env,
  LimitStore,
  Metrics,
  RateLimits,
  type RealtimeServer,
} from '@cloudhop/api/platform';
import {
  conversationFeed,
  type FeedChange,
  FeedHub,
  type FeedKey,
  type MemoryNetwork,
  MemoryNodeBus,
  parseFeed,
  personalFeed,
} from '@cloudhop/api/realtime';
import { Database, dataSourceOptions } from '@cloudhop/api/database';
import { type UserRow, type UsersService, toUser } from '@cloudhop/api/auth';
import { registerAuthKinds } from '@cloudhop/api/auth/testing';
import { PersonalFeedKinds, PersonalFeedPublisher, PersonalFeedRepository } from '@cloudhop/api/personal-feed';
import { registerPersonalFeeds } from '@cloudhop/api/personal-feed/testing';
import { type FactName, type FactPayload, defaultSettings } from '@cloudhop/contracts';
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ConversationLogService } from '../conversation-log.service';
import { ConversationsRepository } from '../conversations.repository';
import { ConversationsService } from '../conversations.service';
import { ConversationFeedSource } from '../conversation-feed.source';
import { registerConversationKinds } from '../conversations-personal-kinds';
import { DeletedUserCleanup } from '../deleted-user-cleanup.service';
import { MemberMarksRepository } from '../member-marks.repository';
import { MemberMarksService } from '../member-marks.service';
import type { MembershipRow, WrittenMember } from '../membership-rows';
import { FeedSyncService } from '../feed-sync.service';
import { LogRepository } from '../log.repository';
import { MembershipPublisher } from '../membership.publisher';
import { MentionBackfillService } from '../mention-backfill.service';
import { MentionsRepository } from '../mentions.repository';
import { MessageDetailsRepository } from '../message-details.repository';
import { MessageDetailsService } from '../message-details.service';
import { LinkPreviewEntity } from '../previews/link-preview.entity';
import { LinkPreviewsRepository } from '../previews/link-previews.repository';
import { LinkPreviewsService } from '../previews/link-previews.service';
import { PreviewJobEntity } from '../previews/preview-job.entity';
import { ReadMarksService } from '../read-marks.service';
import { RetentionRepository } from '../retention.repository';
import { RetentionService } from '../retention.service';
import { SearchIndexerService } from '../search/search-indexer.service';
import { SearchRepository } from '../search/search.repository';
import { SearchService } from '../search/search.service';
import { SocketSubscriptionsService } from '../socket-subscriptions.service';

/** An emitted fact with its rooms. */
export interface Emission {
  rooms: string[];
  fact: FactName;
  payload: FactPayload<FactName>;
}

/** A node without sockets: real services on a real database, with a record of everything it emits. */
export interface LogNode {
  database: Database;
  feeds: FeedHub;
  repository: ConversationsRepository;
  logRepository: LogRepository;
  marksRepository: MemberMarksRepository;
  mentionBackfill: MentionBackfillService;
  retentionRepository: RetentionRepository;
  rateLimits: RateLimits;
  log: ConversationLogService;
  conversations: ConversationsService;
  details: MessageDetailsService;
  marks: MemberMarksService;
  membershipPublisher: MembershipPublisher;
  personalFeeds: PersonalFeedPublisher;
  personalFeedKinds: PersonalFeedKinds;
  users: UsersService;
  cleanup: DeletedUserCleanup;
  readMarks: ReadMarksService;
  personal: PersonalFeedRepository;
  search: SearchService;
  indexer: SearchIndexerService;
  previews: LinkPreviewsService;
  retention: RetentionService;
  feedSync: FeedSyncService;
  emissions: Emission[];
  /** Returns the changes emitted for one conversation, in order. */
  emitted(conversationId: string): FeedChange[];
  /** Resolves once everything committed to a subscribed conversation, or a user's personal feed, was emitted here. */
  caughtUp(id: string): Promise<void>;
  /** Returns a socket of `actor` that is subscribed to these feeds. */
  subscriber(actor: Actor, ...feeds: FeedKey[]): Promise<AppSocket>;
  /**
   * Changes a membership under the head's lock and publishes it, as the functions of rooms do, without any rule of theirs.
   * Creates it if needed.
   */
  setMember(conversationId: string, userId: string, change: MemberChange): Promise<void>;
  stop(): Promise<void>;
}

type MemberChange = Partial<Pick<MembershipRow, 'role' | 'state'>> & { mutedUntil?: Date | null };

interface LogNodeOptions {
  network?: MemoryNetwork;
  /** Hosts with ports for link previews; without them there are none. */
  previewHosts?: readonly string[];
  /** Longest wait for a lock, for specs that hold one. Statements and idle transactions may last twice as long. */
  lockTimeoutMs?: number;
}

export async function startLogNode(url: string, options: LogNodeOptions = {}): Promise<LogNode> {
  const dataSource = await new DataSource({
    ...dataSourceOptions(url, {
      poolSize: 8,
      lockTimeoutMs: options.lockTimeoutMs ?? 1_000,
      statementTimeoutMs: Math.max(5_000, 2 * (options.lockTimeoutMs ?? 0)),
      idleInTransactionTimeoutMs: Math.max(2_000, 2 * (options.lockTimeoutMs ?? 0)),
      connectTimeoutMs: 5_000,
      answerTimeoutMs: 7_000,
    }),
    entities: [LinkPreviewEntity, PreviewJobEntity],
  }).initialize();
  const database = new Database(dataSource);
  await database.start();
  const emissions: Emission[] = [];
  /** Rev of each feed at its first subscription: nothing up to it is emitted. */
  const begun = new Map<string, number>();
  const realtime = {
    emit: (rooms: string | string[], fact: FactName, payload: FactPayload<FactName>) =>
      void emissions.push({ rooms: [rooms].flat(), fact, payload }),
    // The node of a test has no handshakes.
    onHandshake: () => undefined,
    emitTo: (sockets: Iterable<AppSocket>, fact: FactName, payload: FactPayload<FactName>) =>
      void emissions.push({ rooms: [...sockets].map(({ data }) => data.actor.userId), fact, payload }),
  } as unknown as RealtimeServer;
  const metrics = new Metrics();
  const feeds = new FeedHub(database, new MemoryNodeBus(options.network), realtime, metrics);
  const repository = new ConversationsRepository(database);
  const personalFeedKinds = new PersonalFeedKinds();
  registerAuthKinds(personalFeedKinds);
  registerConversationKinds(personalFeedKinds);
  registerNoFriends(personalFeedKinds);
  const personal = new PersonalFeedRepository(database, personalFeedKinds);
  registerPersonalFeeds(feeds, personal, personalFeedKinds);
  const personalFeeds = new PersonalFeedPublisher(feeds, personalFeedKinds);
  const source = new ConversationFeedSource(feeds, repository);
  new SocketSubscriptionsService(feeds, source, realtime, repository).onModuleInit();
  feeds.onModuleInit();
  const logRepository = new LogRepository(database, metrics);
  const marksRepository = new MemberMarksRepository(database);
  const readMarks = new ReadMarksService(marksRepository, personalFeeds, feeds, realtime);
  readMarks.onModuleInit();
  const retentionRepository = new RetentionRepository(database);
  const retention = new RetentionService(retentionRepository, feeds);
  const users = {
    find: async (ids: readonly string[]) =>
      (
        await database.query<{ user: UserRow }>(
          'select author_json_v1(u) as user from users u where id = any ($1::uuid[])',
          [ids],
        )
      ).map(({ user }) => toUser(user)),
  } as unknown as UsersService;
  const conversations = new ConversationsService(repository, feeds, source, users);
  const searchRepository = new SearchRepository(database);
  const log = new ConversationLogService(logRepository, feeds, metrics, new Draining());
  const previewsRepository = new LinkPreviewsRepository(
    database,
    dataSource.getRepository(LinkPreviewEntity),
    dataSource.getRepository(PreviewJobEntity),
  );
  const rateLimits = new RateLimits(new LimitStore({ REDIS_URL: undefined }, { refreshKey: '' }, metrics));
  const previews = new LinkPreviewsService(previewsRepository, log, metrics, rateLimits, {
    LINK_PREVIEWS: options.previewHosts ? 'on' : 'off',
    LINK_PREVIEW_HOSTS: new Set(options.previewHosts),
  } as unknown as Env);
  const membershipPublisher = new MembershipPublisher(feeds, personalFeeds, users);
  const cleanup = new DeletedUserCleanup(repository, users, new Draining());
  return {
    database,
    feeds,
    repository,
    logRepository,
    mentionBackfill: new MentionBackfillService(new MentionsRepository(database)),
    retentionRepository,
    rateLimits,
    log,
    search: new SearchService(searchRepository, repository),
    indexer: new SearchIndexerService(searchRepository, log, previews),
    previews,
    conversations,
    details: new MessageDetailsService(repository, new MessageDetailsRepository(database), users),
    marksRepository,
    marks: new MemberMarksService(marksRepository, personalFeeds),
    membershipPublisher,
    personalFeeds,
    personalFeedKinds,
    users,
    cleanup,
    readMarks,
    personal,
    retention,
    feedSync: new FeedSyncService(feeds, repository, personal, conversations, users),
    emissions,
    emitted: (conversationId) =>
      emissions.flatMap(({ payload }) =>
        'conversationId' in payload && payload.conversationId === conversationId && 'changes' in payload
          ? payload.changes
          : [],
      ),
    async caughtUp(id) {
      const [head] = await database.query<{ rev: number }>(
        `select rev from conversation_heads where conversation_id = $1
         union all select rev from personal_heads where user_id = $1`,
        [id],
      );
      const isOurs = ({ rooms, payload }: Emission) =>
        ('conversationId' in payload && payload.conversationId === id) || rooms.some((room) => room.endsWith(id));
      const reached = () =>
        Math.max(
          begun.get(id) ?? 0,
          ...emissions.filter(isOurs).map(({ payload }) => ('toRev' in payload ? payload.toRev : 0)),
        );
      const deadline = Date.now() + 10_000;
      while (reached() < head!.rev) {
        if (Date.now() > deadline) throw new Error(`only ${reached()} of ${head!.rev} was emitted`);
        await new Promise((resume) => setTimeout(resume, 5));
      }
    },
    async subscriber(actor, ...keys) {
      const socket = {
        data: { actor, isHidden: false, isIdle: false, settings: defaultSettings },
        conn: new EventEmitter(),
        join: () => undefined,
        leave: () => undefined,
        emit: (fact: FactName, payload: FactPayload<FactName>) =>
          void emissions.push({ rooms: [actor.requestId ?? ''], fact, payload }),
        disconnect: () => socket.conn.emit('close'),
      } as unknown as AppSocket;
      for (const key of keys) {
        await feeds.subscribe(socket, key);
        feeds.activate(socket, key);
        const { id } = parseFeed(key);
        if (!begun.has(id)) begun.set(id, feeds.head(key)!.rev);
      }
      return socket;
    },
    async setMember(conversationId, userId, { role, state, mutedUntil }) {
      const rows = await database.query<WrittenMember>(
        `with h as (
           update conversation_heads set rev = rev + 1 where conversation_id = $1 returning rev
         ), p as (select personal_bump_v1($2) as rev)
         insert into memberships as m (conversation_id, user_id, role, state, muted_until, rev, feed_rev)
         select $1, $2, coalesce($3, 'member'), coalesce($4, 'joined'), $5, h.rev, p.rev from h, p
         on conflict (conversation_id, user_id) do update
         set role = coalesce($3, m.role), state = coalesce($4, m.state), rev = excluded.rev, feed_rev = excluded.feed_rev,
           muted_until = case when $6 then excluded.muted_until else m.muted_until end
         returning null as code, true as is_written, m.user_id, m.rev, m.feed_rev, to_json(m) as membership`,
        [conversationId, userId, role ?? null, state ?? null, mutedUntil ?? null, mutedUntil !== undefined],
      );
      await membershipPublisher.publish(conversationId, rows);
    },
    async stop() {
      feeds.onApplicationShutdown();
      await readMarks.onApplicationShutdown();
      await previews.onApplicationShutdown();
      await dataSource.destroy();
    },
  };
}

/** Registers empty fields for the snapshot of a node without the friends feature, which stands above conversations. */
function registerNoFriends(kinds: PersonalFeedKinds): void {
  const sql = () => `'[]'::json`;
  kinds.registerField('friends', { sql, render: () => [] });
  kinds.registerField('blocks', { sql, render: () => [] });
  kinds.registerField('settings', { sql, render: () => defaultSettings });
}

/** Creates a guest in the database. */
export async function aGuest(database: Database): Promise<Actor> {
  const userId = uuidv7();
  await database.query(`insert into users (id, kind, tag) values ($1, 'guest', $2)`, [
    userId,
    randomBytes(3).toString('hex'),
  ]);
  return { userId, sessionId: uuidv7(), requestId: 'spec' };
}

/** Creates a conversation with members who have joined it. */
export async function aConversation(
  database: Database,
  {
    kind = 'room',
    members = [],
    slowModeMs = 0,
  }: { kind?: 'lobby' | 'room'; members?: Actor[]; slowModeMs?: number } = {},
): Promise<string> {
  const id = uuidv7();
  await database.query(`insert into conversations (id, kind, slow_mode_ms) values ($1, $2, $3)`, [
    id,
    kind,
    slowModeMs,
  ]);
  await database.query(`insert into conversation_heads (conversation_id) values ($1)`, [id]);
  for (const { userId } of members) {
    await database.query(`insert into memberships (conversation_id, user_id, state) values ($1, $2, 'joined')`, [
      id,
      userId,
    ]);
  }
  return id;
}

export { conversationFeed, personalFeed };
