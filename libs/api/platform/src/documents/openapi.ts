import { ErrorReply, commonRouteErrors, errorCodes, type ErrorCode, routes, type RouteName } from '@cloudhop/contracts';
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { probeOf } from '../health/probes';

const rateLimitHeaders = {
  'RateLimit-Limit': { description: 'Requests allowed in the window.', schema: { type: 'integer' as const } },
  'RateLimit-Remaining': { description: 'Requests left in the window.', schema: { type: 'integer' as const } },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', schema: { type: 'integer' as const } },
};

/** Groups the error codes of an operation by status: one response per status, with one example per code. */
function errorResponses(codes: readonly ErrorCode[], isLimited: boolean): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set(codes), (code) => errorCodes[code][0]);
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, grouped] of [...byStatus].sort(([a], [b]) => a - b)) {
    const examples = Object.fromEntries(
      grouped.map((code) => [code, { value: { error: { code, message: errorCodes[code][1] } } }]),
    );
    responses[`${status}` as '400'] = {
      description: grouped.map((code) => `${code}: ${errorCodes[code][1]}`).join(' '),
      ...(isLimited && { headers: rateLimitHeaders }),
      content: { 'application/json': { schema: ErrorReply, examples } },
    };
  }
  return responses;
}

const KeyHeader = z.object({
  'Idempotency-Key': z.string().max(256).optional().meta({
    description: 'Idempotency key. Requests with the same key create the message once.',
    example: 'build-412',
  }),
});

function securityOf(name: RouteName): Record<string, string[]>[] {
  const { security, scope } = routes[name];
  if (security === 'none') return [];
  return [{ [security]: [] }, ...(scope ? [{ apiToken: [] }] : [])];
}

function operation(name: RouteName): ZodOpenApiOperationObject {
  const row = routes[name];
  const isLimited = probeOf(row.path) === undefined;
  const commonErrors = commonRouteErrors.filter((code) => isLimited || code !== 'rate_limited');
  // Every bearer route can be called with an API token that lacks the scope.
  const scopeErrors = row.security === 'bearer' ? (['scope_missing'] as const) : [];
  const hasBody = row.method !== 'GET' && row.example !== undefined;
  const answers = Object.fromEntries(
    row.status.map((status: number) => [
      status,
      {
        description: row.summary,
        ...(isLimited && { headers: rateLimitHeaders }),
        ...(status !== 204 && { content: { 'application/json': { schema: row.reply, example: row.exampleReply } } }),
      },
    ]),
  );
  return {
    operationId: name,
    tags: [row.tag],
    summary: row.summary,
    description: [row.description, row.scope && `API tokens need the scope \`${row.scope}\`.`]
      .filter(Boolean)
      .join(' '),
    security: securityOf(name),
    requestParams: { path: row.params, query: row.query, ...(row.isKeyed && { header: KeyHeader }) },
    ...(hasBody && {
      requestBody: { required: true, content: { 'application/json': { schema: row.body, example: row.example } } },
    }),
    responses: { ...answers, ...errorResponses([...row.errors, ...scopeErrors, ...commonErrors], isLimited) },
  };
}

/** Returns the REST API as OpenAPI 3.1, generated from the table of routes. */
export function openApiDocument(version: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name];
    const key = `/api${path}`;
    paths[key] = { ...paths[key], [method.toLowerCase()]: operation(name) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Cloudhop',
      version,
      description:
        'Errors are `{error: {code, message, fields?, retryAfterMs?}}`. Lists are `{items, nextCursor?}`. Every response except those of probes has rate-limit headers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [
      { name: 'auth', description: 'Sessions and the authenticated account.' },
      { name: 'people', description: 'Profiles, friends and personal settings.' },
      { name: 'conversations', description: 'Conversations and your place in them.' },
      { name: 'messages', description: 'Reading, sending, changing and searching messages.' },
      { name: 'groups', description: 'Private groups of up to 50 members.' },
      { name: 'rooms', description: 'Public, unlisted and private rooms.' },
      { name: 'tokens', description: 'API tokens for programs.' },
      { name: 'health', description: 'Health probes.' },
      { name: 'status', description: 'Status of the service, for people.' },
    ],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of a session. Expires after ten minutes.',
        },
        apiToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'chp_…',
          description: 'API token of a member or a bot, with the scope that the operation requires.',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cloudhop_refresh',
          description: 'Refresh token, HttpOnly. Over https the cookie is named __Host-cloudhop_refresh.',
        },
      },
    },
  });
}
