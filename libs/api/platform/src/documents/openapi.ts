import {
  ErrorReply,
  commonRouteErrors,
  errorCodes,
  type ErrorCode,
  routeWork,
  routes,
  type RouteName,
} from '@cloudhop/contracts';
import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';

const rateLimitHeaders = {
  'RateLimit-Limit': { description: 'Requests allowed in the window.', schema: { type: 'integer' as const } },
  'RateLimit-Remaining': { description: 'Requests left in the window.', schema: { type: 'integer' as const } },
  'RateLimit-Reset': { description: 'Seconds until the window ends.', schema: { type: 'integer' as const } },
};

/** The codes of an operation by their status: one response each, with one example a code. */
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
    description: 'The same key again is the same message again, whichever way it comes.',
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
  const isLimited = routeWork(name) !== 'probe';
  const commonErrors = commonRouteErrors.filter((code) => isLimited || code !== 'rate_limited');
  // Whatever takes a token can be asked with one that was not made for it.
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

/** The REST interface as OpenAPI 3.1, made from the table of routes. */
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
        'Errors are `{error: {code, message, fields?, retryAfterMs?}}`. Lists are `{items, nextCursor?}`. Every answer but a probe’s carries rate-limit headers.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    tags: [
      { name: 'auth', description: 'Who you are.' },
      { name: 'people', description: 'Who others are, and how you stand to them.' },
      { name: 'conversations', description: 'Where people talk.' },
      { name: 'messages', description: 'What is said in a conversation: read, written, looked for.' },
      { name: 'groups', description: 'Circles of up to fifty people.' },
      { name: 'rooms', description: 'Places with a name, for anybody or for some.' },
      { name: 'tokens', description: 'Keys with which programs act as you.' },
      { name: 'health', description: 'For probes.' },
    ],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a session; it lives ten minutes.',
        },
        apiToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'chp_…',
          description: 'An API token of a member or a bot, with the scope that the operation names.',
        },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'cloudhop_refresh',
          description: 'The refresh token, HttpOnly; over https its name is __Host-cloudhop_refresh.',
        },
      },
    },
  });
}
