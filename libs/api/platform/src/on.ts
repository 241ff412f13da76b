import { requests, type Reply, type RequestName, type RequestPayload, type RequestReply } from '@cloudhop/contracts';
import { SubscribeMessage } from '@nestjs/websockets';
import type { Actor } from './actor';
import type { AppSocket } from './app-socket';
import { eventLog } from './event-log';
import { parseInput } from './parse-input';
import { toDomainError } from './render-error';

export type RequestHandler<N extends RequestName> = (
  actor: Actor,
  payload: RequestPayload<N>,
  socket: AppSocket,
) => Promise<RequestReply<N>> | RequestReply<N>;

const log = eventLog('sockets');
const handlers = new Map<RequestName, string[]>();
let requestCount = 0;

/** The methods that serve each request, as Class.method; a request has exactly one. */
export function requestHandlers(): ReadonlyMap<RequestName, readonly string[]> {
  return handlers;
}

async function serve<N extends RequestName>(
  name: N,
  handle: RequestHandler<N>,
  socket: AppSocket,
  payload: unknown,
): Promise<Reply<RequestReply<N>>> {
  requestCount = (requestCount + 1) % Number.MAX_SAFE_INTEGER;
  const requestId = `${socket.id}:${requestCount}`;
  try {
    const parsed = parseInput(requests[name].payload, payload) as RequestPayload<N>;
    const actor = { userId: socket.data.actor.userId, sessionId: socket.data.actor.sessionId, requestId };
    return { ok: true, data: await handle(actor, parsed, socket) };
  } catch (error) {
    const domainError = toDomainError(error);
    if (domainError.code === 'internal')
      log.error('request_failed', domainError.cause ?? domainError, { request: name, requestId, socketId: socket.id });
    return { ok: false, error: domainError.toBody() };
  }
}

/**
 * Binds a gateway's method to a request of the contract: its payload is validated, its result acknowledged as
 * `{ok: true, data}`, what it throws as `{ok: false, error}`. It closes the traps of a plain @SubscribeMessage: nothing
 * returned, or a throw, would never acknowledge; a result with a key `event` would be emitted instead.
 */
export function On<N extends RequestName>(name: N) {
  return <H extends RequestHandler<N>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    const original = descriptor.value;
    if (!original) throw new TypeError(`@On('${name}') stands on something that is not a method`);
    handlers.set(name, [...(handlers.get(name) ?? []), `${target.constructor.name}.${key}`]);
    const bound = async function (
      this: unknown,
      socket: AppSocket,
      payload: unknown,
      acknowledge: (reply: Reply<RequestReply<N>>) => void,
    ): Promise<void> {
      acknowledge(await serve(name, original.bind(this) as RequestHandler<N>, socket, payload));
    };
    Object.defineProperty(bound, 'name', { value: key });
    // The method keeps its place in the class under the signature that Nest calls.
    Object.defineProperty(descriptor, 'value', { value: bound });
    SubscribeMessage(name)(target, key, { value: bound });
  };
}
