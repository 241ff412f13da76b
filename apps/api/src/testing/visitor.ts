import type {
  FactName,
  FactPayload,
  Message,
  Reply,
  RequestInput,
  RequestName,
  RequestReply,
  Session,
  SyncReply,
  User,
} from '@cloudhop/contracts';
import { type Socket, io } from 'socket.io-client';

/** Somebody who opened the page, without the page: a guest with a socket, who remembers every fact. */
export interface Visitor {
  user: User;
  token: string;
  lobbyId: string;
  socket: Socket;
  facts: { name: FactName; payload: FactPayload<FactName> }[];
  /** Sends a request as it is typed, and answers its acknowledgement. */
  request<N extends RequestName>(name: N, payload: RequestInput<N>): Promise<Reply<RequestReply<N>>>;
  /** Sends anything at all. */
  raw(name: string, ...payload: unknown[]): Promise<Reply<unknown>>;
  send(body: string, id: string): Promise<Reply<RequestReply<'message:send'>>>;
  /** REST with the visitor's token. */
  rest(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

const opened = new Set<Socket>();
const lasting = new Set<Socket>();

afterEach(() => close(opened));
afterAll(() => close(lasting));

function close(sockets: Set<Socket>): void {
  for (const socket of sockets) socket.disconnect();
  sockets.clear();
}

export async function aGuestSession(url: string): Promise<Session> {
  const response = await fetch(`${url}/api/auth/guest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (!response.ok) throw new Error(`no guest: ${response.status} ${await response.text()}`);
  return (await response.json()) as Session;
}

/** Gone after the test, or with `isLasting` after the file. */
export async function aVisitor(
  url: string,
  session?: Session,
  { isLasting = false }: { isLasting?: boolean } = {},
): Promise<Visitor> {
  const { user, accessToken: token } = session ?? (await aGuestSession(url));
  const socket: Socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
  (isLasting ? lasting : opened).add(socket);
  const facts: Visitor['facts'] = [];
  socket.onAny((name: FactName, payload: FactPayload<FactName>) => facts.push({ name, payload }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const raw: Visitor['raw'] = (name, ...payload) => socket.timeout(3_000).emitWithAck(name, ...payload);
  const visitor: Visitor = {
    user,
    token,
    lobbyId: '',
    socket,
    facts,
    raw,
    request: (name, payload) => raw(name, payload) as never,
    send: (body, id) => visitor.request('message:send', { conversationId: visitor.lobbyId, id, body }),
    rest: (method, path, body, headers = {}) =>
      fetch(`${url}/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
  const reply = (await raw('feed:sync', {})) as Reply<SyncReply>;
  if (!reply.ok) throw new Error(`no first sync: ${reply.error.code}`);
  if ('reset' in reply.data.personal) visitor.lobbyId = reply.data.personal.reset.lobbyId;
  return visitor;
}

/** The whole log of a conversation, page by page. */
export async function wholeLog(visitor: Visitor, conversationId = visitor.lobbyId): Promise<Message[]> {
  const messages: Message[] = [];
  for (let before: number | undefined; ;) {
    const reply = await visitor.request('conversation:history', {
      conversationId,
      limit: 100,
      ...(before !== undefined && { before }),
    });
    if (!reply.ok) throw new Error(reply.error.code);
    messages.unshift(...reply.data.messages);
    if (!reply.data.hasBefore) return messages;
    before = reply.data.messages[0]!.seq;
  }
}

/** The changes that the visitor was told of a conversation, in order of arrival. */
export function toldChanges({ facts, lobbyId }: Visitor): FactPayload<'conversation:changed'>['changes'] {
  return facts.flatMap(({ name, payload }) =>
    name === 'conversation:changed' &&
    'changes' in payload &&
    'conversationId' in payload &&
    payload.conversationId === lobbyId
      ? payload.changes
      : [],
  );
}

/** Waits until `condition` holds, at most `ms`. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('it did not come to that in time');
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
