import type { RequestName } from './requests';
import type { RouteName } from './routes';

/**
 * What a request makes the server do, which decides how it is bounded.
 *
 * - read: weighed by its rows and bytes; not begun once its asker has gone
 * - connection: about the socket alone; not begun once that has closed
 * - write: done once it has arrived whole, also when its asker has gone
 * - commit: a write that waits for a group commit of the log
 * - latest: waits for a write of which only the latest value counts; it occupies nothing meanwhile
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

/** Of routes only what differs from their method is named; probes are bounded by nothing. */
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

/** Returns what a route makes the server do. */
export function routeWork(name: RouteName, method: string): RequestWork | 'probe' {
  return routeWorks[name] ?? (method === 'GET' ? 'read' : 'write');
}
