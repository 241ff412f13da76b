import type { RequestReply, RouteName, RouteReply, User } from '@cloudhop/contracts';
import type { AskName } from '../view';

type UsersOf<R> = (reply: R) => readonly User[];

const none = (): readonly User[] => [];

/** Selects the users in the reply of each request, which become known to the client. */
const usersOfReply: { readonly [N in AskName]: UsersOf<RequestReply<N>> } = {
  'presence:list': ({ items }) => items,
  'message:pin': none,
  'room:join': none,
  'room:leave': none,
  'friend:request': ({ user }) => [user],
  'friend:accept': none,
  'friend:decline': none,
  'friend:withdraw': none,
  'friend:remove': none,
  'user:block': none,
  'user:unblock': none,
  'user:mute': none,
  'user:unmute': none,
  'connection:ping': none,
};

/** Selects the users in the replies of routes. Users of other routes stay with the page that asked. */
const usersOfRouteReply: { readonly [N in RouteName]?: UsersOf<RouteReply<N>> } = {
  'auth.change': (user) => [user],
};

export function usersInReply<N extends AskName>(name: N, reply: RequestReply<N>): readonly User[] {
  return usersOfReply[name](reply);
}

export function usersInRouteReply<N extends RouteName>(name: N, reply: RouteReply<N>): readonly User[] {
  const usersOf: UsersOf<RouteReply<N>> | undefined = usersOfRouteReply[name];
  return usersOf?.(reply) ?? [];
}
