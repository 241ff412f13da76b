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
    summary: 'Is the process alive?',
    security: 'none',
    status: [200],
    reply: Health,
    errors: [],
    exampleReply: { status: 'ok', checks: {} },
  }),
  'health.ready': route({
    work: 'probe',
    tag: 'health',
    summary: 'Can the process serve people now? 503 while it drains or the database is away.',
    security: 'none',
    status: [200],
    reply: Health,
    errors: ['unavailable'],
    exampleReply: { status: 'ok', checks: { database: true } },
  }),
});
