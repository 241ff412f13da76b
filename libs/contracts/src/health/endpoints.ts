import type { Endpoints } from '../endpoint';

/** Method and path of the routes of the probes. */
export const healthEndpoints = {
  'health.live': 'GET /health/live',
  'health.ready': 'GET /health/ready',
} as const satisfies Endpoints;
