import type { Endpoints } from '../endpoint';

/** Method and path of the route of the status. */
export const statusEndpoints = {
  'status.get': 'GET /status',
} as const satisfies Endpoints;
