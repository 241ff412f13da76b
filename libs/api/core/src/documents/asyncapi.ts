import { ErrorBody, commonErrors, facts, type FactName, requests, type RequestName } from '@cloudhop/contracts';
import * as z from 'zod';

type Json = Record<string, unknown>;

/** Schemas with an id become components of their own; the rest stand where they are used. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
  return json;
}

const key = (name: string) => name.replace(':', '_');

/** The socket interface as AsyncAPI 3, made from the tables of requests and facts. */
export function asyncApiDocument(version: string): Json {
  const messages: Json = {};
  const operations: Json = {};
  const channelMessages: Json = {};
  const add = (name: string, message: Json) => {
    messages[name] = message;
    channelMessages[name] = { $ref: `#/components/messages/${name}` };
  };
  for (const name of Object.keys(requests) as RequestName[]) {
    const { summary, payload, reply, errors } = requests[name];
    add(key(name), {
      name,
      title: name,
      summary,
      contentType: 'application/json',
      payload: schemaOf(payload, 'input'),
    });
    add(`${key(name)}_reply`, {
      name: `${name} (acknowledgement)`,
      title: `Acknowledgement of ${name}`,
      summary: `Errors: ${[...errors, ...commonErrors].join(', ')}.`,
      contentType: 'application/json',
      payload: {
        oneOf: [
          {
            type: 'object',
            required: ['ok', 'data'],
            properties: { ok: { const: true }, data: schemaOf(reply, 'output') },
          },
          {
            type: 'object',
            required: ['ok', 'error'],
            properties: { ok: { const: false }, error: schemaOf(ErrorBody, 'output') },
          },
        ],
      },
    });
    operations[key(name)] = {
      action: 'receive',
      channel: { $ref: '#/channels/socket' },
      summary,
      messages: [{ $ref: `#/channels/socket/messages/${key(name)}` }],
      reply: {
        channel: { $ref: '#/channels/socket' },
        messages: [{ $ref: `#/channels/socket/messages/${key(name)}_reply` }],
      },
    };
  }
  for (const name of Object.keys(facts) as FactName[]) {
    const { summary, payload } = facts[name];
    add(key(name), {
      name,
      title: name,
      summary,
      contentType: 'application/json',
      payload: schemaOf(payload, 'output'),
    });
    operations[key(name)] = {
      action: 'send',
      channel: { $ref: '#/channels/socket' },
      summary,
      messages: [{ $ref: `#/channels/socket/messages/${key(name)}` }],
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Cloudhop sockets',
      version,
      description:
        'One Socket.IO namespace, WebSocket only, path /socket.io, handshake `auth: {token, hidden?}`. Requests are noun:verb and always acknowledged with `{ok: true, data}` or `{ok: false, error}`; facts are noun:past.',
    },
    servers: { own: { host: 'localhost:3000', protocol: 'ws', pathname: '/socket.io' } },
    channels: { socket: { address: '/', messages: channelMessages } },
    operations,
    components: { messages },
  };
}
