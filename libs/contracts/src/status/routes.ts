import { route, routesAt } from '../route-row';
import { statusEndpoints } from './endpoints';
import { ServerStatus } from './resources';

/** Status of the service, for people. */
export const statusRoutes = routesAt(statusEndpoints, {
  'status.get': route({
    // Answered from memory, also while requests that need the database wait for each other.
    work: 'probe',
    tag: 'status',
    summary: 'Get the status: nodes, people online, messages per minute, and what is degraded.',
    description: 'Needs no token. Answers 200 also while the service is degraded; `degraded` then says how.',
    security: 'none',
    status: [200],
    reply: ServerStatus,
    errors: [],
    exampleReply: {
      now: '2026-01-01T12:00:00.000Z',
      version: '1.0.0',
      node: { name: '1a2b', startedAt: '2026-01-01T08:00:00.000Z' },
      nodes: [{ name: '1a2b', startedAt: '2026-01-01T08:00:00.000Z', messagesPerMinute: 42, isThis: true }],
      people: { online: 17 },
      messagesPerMinute: 42,
      degraded: [],
    },
  }),
});
