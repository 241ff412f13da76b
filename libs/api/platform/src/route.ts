import {
  routes,
  type RouteBody,
  type RouteName,
  type RouteParams,
  type RouteQuery,
  type RouteReply,
} from '@cloudhop/contracts';
import { Req, RequestMapping, RequestMethod, Res, SetMetadata, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type * as z from 'zod';
import type { Actor } from './actor';
import { DomainError } from './domain-error';
import { eventLog } from './event-log';
import { freezeDetector } from './freeze-detector';
import { limits } from './limits';
import { parseInput } from './parse-input';
import { badRows } from './render-rows';
import { type RequestMark, markOf } from './rest/request-mark';
import { RouteGuard, routeNameKey } from './rest/route-guard';

/** The actor of a bearer route; routes by cookie, or open to anyone, have none. */
export type ActorOf<N extends RouteName> = (typeof routes)[N]['security'] extends 'bearer' ? Actor : undefined;

export interface RouteInput<N extends RouteName> {
  params: RouteParams<N>;
  query: RouteQuery<N>;
  body: RouteBody<N>;
}

/** The HTTP side of one request, for the few handlers that need it. */
export interface Exchange {
  request: Request;
  response: Response;
  requestId: string;
  /** With trusted proxies taken away. */
  clientAddress: string;
  /** The Idempotency-Key header: the same key again is the same request again. */
  idempotencyKey: string | undefined;
  /** One of the row's statuses; without it the first is answered. */
  setStatus(status: number): void;
}

/** Return type of a handler: void for a route without a reply. */
type Answer<N extends RouteName> = RouteReply<N> extends undefined ? RouteReply<N> | void : RouteReply<N>;

export type RouteHandler<N extends RouteName> = (
  actor: ActorOf<N>,
  input: RouteInput<N>,
  exchange: Exchange,
) => Promise<Answer<N>> | Answer<N>;

const log = eventLog('http');
const handlers = new Map<RouteName, string[]>();

/** The methods that serve each route, as Class.method; a route has exactly one. */
export function routeHandlers(): ReadonlyMap<RouteName, readonly string[]> {
  return handlers;
}

/** A path of the table as express writes it. */
export function expressPath(path: string): string {
  return `/api${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

/**
 * Returns an answer in the form of the table. Leaves out list items that don't have it, so that the others are
 * answered.
 */
function toReply(name: RouteName, answer: unknown): unknown {
  const schema: z.ZodType = routes[name].reply;
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  // The client did nothing wrong: without this, a bug of the server would be reported as the client's 400.
  const failure = new DomainError('internal', { cause: parsed.error });
  const bad = new Set(parsed.error.issues.map(({ path: [field, index] }) => (field === 'items' ? index : undefined)));
  if (bad.has(undefined)) throw failure;
  const { items, ...rest } = answer as { items: unknown[] };
  badRows.inc({ kind: name }, bad.size);
  log.error('items_left_out', parsed.error, { route: name, count: bad.size });
  return schema.parse({ ...rest, items: items.filter((_, index) => !bad.has(index)) });
}

async function serve<N extends RouteName>(
  name: N,
  handle: RouteHandler<N>,
  request: Request,
  response: Response,
): Promise<void> {
  const mark = markOf(request);
  try {
    await answer(name, handle, request, response, mark);
  } finally {
    mark.permit?.release();
  }
}

async function answer<N extends RouteName>(
  name: N,
  handle: RouteHandler<N>,
  request: Request,
  response: Response,
  mark: RequestMark,
): Promise<void> {
  const row = routes[name];
  const input = {
    params: parseInput(row.params, request.params),
    query: parseInput(row.query, request.query),
    body: parseInput(row.body, request.body ?? {}),
  } as RouteInput<N>;
  let status: number = row.status[0]!;
  const exchange: Exchange = {
    request,
    response,
    requestId: mark.requestId,
    clientAddress: mark.address,
    idempotencyKey: request.get('idempotency-key'),
    setStatus: (chosen) => {
      if (!row.status.includes(chosen)) throw new RangeError(`${name} does not answer ${chosen}`);
      status = chosen;
    },
  };
  const { freezes } = freezeDetector;
  const found = await handle(mark.actor as ActorOf<N>, input, exchange);
  // A write has happened; what was read before a freeze may be of somebody who may not read it any more.
  if (row.method === 'GET' && freezeDetector.freezes !== freezes)
    throw new DomainError('unavailable', { retryAfterMs: limits.unavailableRetryMs });
  // What the table does not name never leaves, whatever a handler has in its hands.
  const reply = toReply(name, found);
  if (reply === undefined) return void response.status(status).end();
  const text = JSON.stringify(reply);
  response.status(status).type('json').send(text);
  mark.permit?.charge?.(reply, Buffer.byteLength(text));
}

/**
 * Binds a controller's method to a route of the contract: path, method, who may ask, origin and content type, rate
 * limit, validation, status and reply are those of the table. What the method throws is rendered by ErrorFilter.
 */
export function Route<N extends RouteName>(name: N) {
  return <H extends RouteHandler<N>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    const original = descriptor.value;
    if (!original) throw new TypeError(`@Route('${name}') stands on something that is not a method`);
    handlers.set(name, [...(handlers.get(name) ?? []), `${target.constructor.name}.${key}`]);
    const bound = function (this: unknown, request: Request, response: Response): Promise<void> {
      return serve(name, original.bind(this) as RouteHandler<N>, request, response);
    };
    Object.defineProperty(bound, 'name', { value: key });
    Object.defineProperty(descriptor, 'value', { value: bound });
    Req()(target, key, 0);
    Res()(target, key, 1);
    const { method, path } = routes[name];
    const place = { value: bound };
    RequestMapping({ method: RequestMethod[method], path: expressPath(path) })(target, key, place);
    SetMetadata(routeNameKey, name)(target, key, place);
    UseGuards(RouteGuard)(target, key, place);
  };
}
