import * as z from 'zod';
import { route, routesAt, Scope, signedIn, written } from '../route-row';
import { Id } from '../scalars';
import { tokenEndpoints } from './endpoints';
import { exampleId } from './examples';
import { DisplayName } from './names';
import { ApiToken } from './resources';

const exampleToken: ApiToken = {
  id: exampleId,
  label: 'Build server',
  scopes: ['messages:write'],
  createdAt: '2026-01-01T12:00:00.000Z',
};

/** API tokens of members and bots. A token can't create or revoke tokens. */
export const tokenRoutes = routesAt(tokenEndpoints, {
  'tokens.create': route({
    tag: 'tokens',
    summary: 'Create an API token. The secret is returned only once.',
    security: 'bearer',
    body: z.object({
      label: DisplayName,
      scopes: z.array(Scope).min(1),
      expiresInMs: z
        .int()
        .min(60_000)
        .max(3_653 * 24 * 3_600_000)
        .optional(),
    }),
    status: [201],
    reply: z.object({
      token: ApiToken,
      secret: z.string().meta({ description: 'Secret of the token. Send it as `Authorization: Bearer chp_…`.' }),
    }),
    errors: [...written, 'invalid_text', 'too_long', 'members_only', 'limit_reached'],
    example: { label: 'Build server', scopes: ['messages:write'] },
    exampleReply: { token: exampleToken, secret: 'chp_9fJx0mZcT5m9o2b8Ww3k7AqY1u4n6p8sVbXcRdEfGhI' },
  }),
  'tokens.list': route({
    tag: 'tokens',
    summary: 'List your API tokens, without their secrets.',
    security: 'bearer',
    status: [200],
    reply: z.object({ items: z.array(ApiToken) }),
    errors: signedIn,
    exampleReply: { items: [exampleToken] },
  }),
  'tokens.revoke': route({
    tag: 'tokens',
    summary: 'Revoke an API token. Takes effect immediately.',
    security: 'bearer',
    params: z.object({ id: Id }),
    status: [200],
    reply: ApiToken,
    errors: [...written, 'not_found'],
    exampleReply: exampleToken,
  }),
});
