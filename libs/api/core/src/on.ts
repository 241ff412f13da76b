import type { RequestName, RequestPayload, RequestReply } from '@cloudhop/contracts';
import { SubscribeMessage } from '@nestjs/websockets';
import type { Actor } from './actor';
import type { AppSocket } from './app-socket';

export type RequestHandler<N extends RequestName> = (
  actor: Actor,
  payload: RequestPayload<N>,
  socket: AppSocket,
) => Promise<RequestReply<N>> | RequestReply<N>;

/** Binds a gateway's method to a request of the contract. */
export function On<N extends RequestName>(name: N) {
  return <H extends RequestHandler<N>>(target: object, key: string, descriptor: TypedPropertyDescriptor<H>): void => {
    SubscribeMessage(name)(target, key, descriptor);
  };
}
