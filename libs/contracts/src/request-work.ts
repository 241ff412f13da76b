import type { RequestName } from './requests';
import type { RouteName } from './routes';

/**
 * Kind of work that a request causes, which decides how it is bounded.
 *
 * - read: charged by rows and bytes; doesn't begin once its asker has gone
 * - connection: changes the socket only; doesn't begin once the socket has closed
 * - write: runs once it has arrived, even if its asker has gone
 * - commit: a write that waits for a group commit of the log
 * - latest: a write of which only the latest value counts; it waits without a permit
 */
export type RequestWork = 'read' | 'connection' | 'write' | 'commit' | 'latest';

export const requestWork: Readonly<Record<RequestName, RequestWork>> = {
  'session:renew': 'connection',
  'feed:sync': 'read',
  'conversation:open': 'read',
  'conversation:close': 'connection',
  'conversation:history': 'read',
  'conversation:read': 'latest',
  'message:send': 'commit',
  'message:edit': 'commit',
  'message:delete': 'commit',
  'message:react': 'commit',
  'message:pin': 'commit',
  'room:join': 'write',
  'room:leave': 'write',
  'user:lookup': 'read',
  'draft:set': 'latest',
  'friend:request': 'write',
  'friend:accept': 'write',
  'friend:decline': 'write',
  'friend:withdraw': 'write',
  'friend:remove': 'write',
  'user:block': 'write',
  'user:unblock': 'write',
  'user:mute': 'write',
  'user:unmute': 'write',
  'presence:set': 'connection',
  'typing:set': 'connection',
  'presence:list': 'read',
};

/** Work of routes whose method doesn't tell it. Probes are not bounded. */
const routeWorks: Readonly<Partial<Record<RouteName, RequestWork | 'probe'>>> = {
  'health.live': 'probe',
  'health.ready': 'probe',
  'messages.send': 'commit',
  'messages.edit': 'commit',
  'messages.delete': 'commit',
  'messages.react': 'commit',
  'messages.pin': 'commit',
  'rooms.send': 'commit',
};

/** Returns the kind of work of a route. */
export function routeWork(name: RouteName, method: string): RequestWork | 'probe' {
  return routeWorks[name] ?? (method === 'GET' ? 'read' : 'write');
}
