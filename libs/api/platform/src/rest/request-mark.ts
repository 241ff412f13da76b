import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RouteName } from '@cloudhop/contracts';
import type { Actor } from '../actor';
import type { Permit } from '../admission/admission.service';

/** Data attached to an HTTP request. */
export interface RequestMark {
  requestId: string;
  /** Address of the client, behind trusted proxies. */
  address: string;
  route?: RouteName;
  actor?: Actor;
  /** Set when the request was admitted; its handler releases it. */
  permit?: Permit;
}

const marks = new WeakMap<IncomingMessage, RequestMark>();
const sane = /^[\w.:-]{8,64}$/;

/** Attaches a mark to a request. Keeps a well-formed X-Request-Id of a proxy, so that both logs have the same id. */
export function markRequest(request: IncomingMessage, address: string): RequestMark {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && sane.test(given) ? given : randomUUID();
  const mark: RequestMark = { requestId, address };
  marks.set(request, mark);
  return mark;
}

/** Returns the mark of a request. The first middleware attaches it. */
export function markOf(request: IncomingMessage): RequestMark {
  return marks.get(request) ?? markRequest(request, request.socket.remoteAddress ?? 'unknown');
}
