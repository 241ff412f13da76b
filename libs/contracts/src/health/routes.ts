import * as z from 'zod';
import { route, routesAt } from '../route-row';
import { healthEndpoints } from './endpoints';

export const Health = z
  .object({ status: z.enum(['ok', 'unavailable']), checks: z.record(z.string(), z.boolean()) })
  .meta({ id: 'Health', example: { status: 'ok', checks: { database: true } } });
export type Health = z.infer<typeof Health>;

/** Probes of the process. */
export const healthRoutes = routesAt(healthEndpoints, {
  'health.live': route({
    work: 'probe',
    tag: 'health',
    summary: 'Check that the process is alive.',
    security: 'none',
    status: [200],
    reply: Health,
    errors: [],
    exampleReply: { status: 'ok', checks: {} },
  }),
  'health.ready': route({
    work: 'probe',
    tag: 'health',
    summary:
      'Check that the process can serve requests. Returns 503 while it is draining or the database is unavailable.',
    security: 'none',
    status: [200],
    reply: Health,
    errors: ['unavailable'],
    exampleReply: { status: 'ok', checks: { database: true } },
  }),
});
