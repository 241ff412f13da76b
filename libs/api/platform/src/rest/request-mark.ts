import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RouteName } from '@cloudhop/contracts';
import type { Actor } from '../actor';
import type { Permit } from '../admission/admission.service';

/** What is known of one HTTP request besides the request itself. */
export interface RequestMark {
  requestId: string;
  /** With trusted proxies taken away. */
  address: string;
  route?: RouteName;
  actor?: Actor;
  /** Set when the request was admitted; its handler releases it. */
  permit?: Permit;
}

const marks = new WeakMap<IncomingMessage, RequestMark>();
const sane = /^[\w.:-]{8,64}$/;

/** Marks a request. An id that a proxy gave is kept when it looks like one, so that a request can be followed across both logs. */
export function markRequest(request: IncomingMessage, address: string): RequestMark {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && sane.test(given) ? given : randomUUID();
  const mark: RequestMark = { requestId, address };
  marks.set(request, mark);
  return mark;
}

/** The mark of a request; every request has one once it is past the first middleware. */
export function markOf(request: IncomingMessage): RequestMark {
  return marks.get(request) ?? markRequest(request, request.socket.remoteAddress ?? 'unknown');
}
