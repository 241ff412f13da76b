import type { Scope } from '@cloudhop/contracts';

interface Example {
  method?: 'POST' | 'PATCH';
  path: (room: string) => string;
  body?: string;
}

/** Example requests by scope, the most illustrative first. */
const examples: readonly (Example & { scope: Scope })[] = [
  {
    scope: 'messages:write',
    method: 'POST',
    path: (room) => `/rooms/${room}/messages`,
    body: '{"body":"Hello from a script"}',
  },
  { scope: 'messages:read', path: () => '/search?q=hello' },
  { scope: 'rooms:manage', method: 'PATCH', path: (room) => `/rooms/${room}`, body: '{"topic":"Set by a script"}' },
  { scope: 'rooms:write', method: 'POST', path: () => '/rooms', body: '{"name":"Made by a script"}' },
  { scope: 'rooms:read', path: () => '/rooms' },
];

/** Returns a shell command that tries out a token. */
export function tokenExample(
  scopes: readonly Scope[],
  { origin, secret, room }: { origin: string; secret: string; room: string },
): string {
  const { method, path, body } = examples.find(({ scope }) => scopes.includes(scope)) ?? examples.at(-1)!;
  const lines = [
    `curl ${method ? `-X ${method} ` : ''}'${origin}/api${path(encodeURIComponent(room))}'`,
    `-H 'Authorization: Bearer ${secret}'`,
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${body}'`]),
  ];
  return lines.join(' \\\n  ');
}
