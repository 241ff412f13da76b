import { ErrorBody, commonErrors, facts, type FactName, requests, type RequestName } from '@cloudhop/contracts';
import * as z from 'zod';

type Json = Record<string, unknown>;

const localDefinitions = '#/$defs/';
const sharedSchemas = '#/components/schemas/';

/** Returns the schema with its references pointing at the document's components. */
function withDocumentReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDocumentReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string'
        ? inner.replace(localDefinitions, sharedSchemas)
        : withDocumentReferences(inner),
    ]),
  );
}

/** Writer of JSON Schema. Schemas with an id become components, which other schemas refer to. */
class SchemaWriter {
  readonly components: Json = {};

  write(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json & { $defs?: Json };
    for (const [id, definition] of Object.entries($defs)) this.#keep(id, definition as Json);
    const id = z.globalRegistry.get(schema)?.id;
    if (id === undefined) return withDocumentReferences(json) as Json;
    this.#keep(id, json);
    return { $ref: `${sharedSchemas}${id}` };
  }

  #keep(id: string, definition: Json): void {
    const { id: _, ...schema } = withDocumentReferences(definition) as Json;
    this.components[id] ??= schema;
  }
}

const key = (name: string) => name.replace(':', '_');

/** Returns the socket API as AsyncAPI 3, generated from the tables of requests and facts. */
export function asyncApiDocument(version: string): Json {
  const schemas = new SchemaWriter();
  const messages: Json = {};
  const operations: Json = {};
  const channelMessages: Json = {};
  const add = (name: string, message: Json) => {
    messages[name] = { ...message, contentType: 'application/json' };
    channelMessages[name] = { $ref: `#/components/messages/${name}` };
  };
  const inChannel = (name: string) => [{ $ref: `#/channels/socket/messages/${name}` }];
  const channel = { $ref: '#/channels/socket' };

  for (const name of Object.keys(requests) as RequestName[]) {
    const { summary, payload, reply, errors } = requests[name];
    const replyKey = `${key(name)}_reply`;
    add(key(name), { name, title: name, summary, payload: schemas.write(payload, 'input') });
    add(replyKey, {
      name: `${name} (acknowledgement)`,
      title: `Acknowledgement of ${name}`,
      summary: `Errors: ${[...errors, ...commonErrors].join(', ')}.`,
      payload: {
        oneOf: [
          {
            type: 'object',
            required: ['ok', 'data'],
            properties: { ok: { const: true }, data: schemas.write(reply, 'output') },
          },
          {
            type: 'object',
            required: ['ok', 'error'],
            properties: { ok: { const: false }, error: schemas.write(ErrorBody, 'output') },
          },
        ],
      },
    });
    operations[key(name)] = {
      action: 'receive',
      channel,
      summary,
      messages: inChannel(key(name)),
      reply: { channel, messages: inChannel(replyKey) },
    };
  }
  for (const name of Object.keys(facts) as FactName[]) {
    const { summary, payload } = facts[name];
    add(key(name), { name, title: name, summary, payload: schemas.write(payload, 'output') });
    operations[key(name)] = { action: 'send', channel, summary, messages: inChannel(key(name)) };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Cloudhop socket API',
      version,
      description:
        'One Socket.IO namespace over WebSocket only, at path /socket.io, with the handshake `auth: {token, hidden?}`. Clients send requests, named noun:verb; the server acknowledges each with `{ok: true, data}` or `{ok: false, error}`. Facts are events that the server sends without a request, named noun:past.',
    },
    servers: { own: { host: 'localhost:3000', protocol: 'ws', pathname: '/socket.io' } },
    channels: { socket: { address: '/', messages: channelMessages } },
    operations,
    components: { messages, schemas: schemas.components },
  };
}
