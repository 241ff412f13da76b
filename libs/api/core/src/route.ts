import type { RouteBody, RouteName, RouteParams, RouteQuery, RouteReply, routes } from '@cloudhop/contracts';
import type { Request, Response } from 'express';
import type { Actor } from './actor';

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
  /** One of the row's statuses; without it the first is answered. */
  setStatus(status: number): void;
}

export type RouteHandler<N extends RouteName> = (
  actor: ActorOf<N>,
  input: RouteInput<N>,
  exchange: Exchange,
) => Promise<RouteReply<N>> | RouteReply<N>;

/** Binds a controller's method to a route of the contract. */
export function Route<N extends RouteName>(name: N) {
  return <H extends RouteHandler<N>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    void [name, target, key, descriptor];
  };
}
