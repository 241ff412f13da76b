import {
  commonErrors,
  commonRouteErrors,
  type ErrorCode,
  errorCodes,
  facts,
  limits as contractLimits,
  requests,
  routes,
} from '@cloudhop/contracts';
import * as z from 'zod';
import { limits as platformLimits } from '../limits';

interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  type?: string;
}

/** Returns the shape of a schema on one line: field names, `?` for optional ones, and the names of named schemas. */
function shape(schema: Schema, depth = 0): string {
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return variants.map((variant) => shape(variant, depth)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.items) {
    const item = shape(schema.items, depth);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (!schema.properties) return schema.type ?? 'any';
  const fields = Object.entries(schema.properties).map(([name, field]) => {
    const isPlain = !field.$ref && !field.properties && !field.items && !field.anyOf && !field.enum && !field.oneOf;
    const optional = schema.required?.includes(name) ? '' : '?';
    return `${name}${optional}${isPlain || depth > 1 ? '' : `: ${shape(field, depth + 1)}`}`;
  });
  return `{${fields.join(', ')}}`;
}

function shapeOf(schema: z.ZodType, io: 'input' | 'output'): string {
  const id = z.globalRegistry.get(schema)?.id;
  if (id !== undefined) return `\`${id}\``;
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Schema;
  if (Object.keys(json).filter((name) => name !== '$schema').length === 0) return '';
  return `\`${shape(json)}\``;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

const codes = (list: readonly ErrorCode[]) => list.map((code) => `\`${code}\``).join(' ');

/** Returns the doc comments of the limits in a source, by name. */
export function limitMeanings(source: string): Record<string, string> {
  const meanings: Record<string, string> = {};
  let said = '';
  for (const [, comment, name] of source.matchAll(/\/\*\*([\s\S]*?)\*\/|^ {2}(\w+): /gm)) {
    if (comment !== undefined) said = comment.replace(/\s*\n\s*\*\s*/g, ' ').trim();
    else if (name !== undefined) {
      meanings[name] = said;
      said = '';
    }
  }
  return meanings;
}

const limitTable = (limits: Record<string, number>, source: string) => {
  const meanings = limitMeanings(source);
  return table(
    ['limit', 'default', 'meaning'],
    Object.entries(limits).map(([name, value]) => [`\`${name}\``, value.toLocaleString('en'), meanings[name] ?? '']),
  );
};

/** Returns the whole API on one Markdown page. `limitSources` are the sources of the limits tables. */
export function eventsDocument(limitSources: { contract: string; platform: string }): string {
  const sections: [string, string][] = [
    [
      'Requests',
      `Each request is acknowledged with \`{ok: true, data}\` or \`{ok: false, error}\`. Besides the listed errors, any request can return ${codes(commonErrors)}.\n\n${table(
        ['request', 'payload', 'reply', 'errors', 'description'],
        Object.entries(requests).map(([name, { summary, payload, reply, errors }]) => [
          `\`${name}\``,
          shapeOf(payload, 'input'),
          shapeOf(reply, 'output'),
          codes(errors),
          summary,
        ]),
      )}`,
    ],
    [
      'Facts',
      table(
        ['fact', 'payload', 'description'],
        Object.entries(facts).map(([name, { summary, payload }]) => [
          `\`${name}\``,
          shapeOf(payload, 'output'),
          summary,
        ]),
      ),
    ],
    [
      'Routes',
      `Besides the listed errors, any route can return ${codes(commonRouteErrors)}.\n\n${table(
        ['route', 'security', 'query', 'body', 'reply', 'errors', 'description'],
        Object.values(routes).map((row) => [
          `\`${row.method} /api${row.path}\` → ${row.status.join(', ')}`,
          row.security,
          shapeOf(row.query, 'input').replace('`{}`', ''),
          shapeOf(row.body, 'input').replace('`{}`', ''),
          shapeOf(row.reply, 'output'),
          codes(row.errors),
          row.summary,
        ]),
      )}`,
    ],
    [
      'Errors',
      table(
        ['code', 'HTTP status', 'message'],
        Object.entries(errorCodes).map(([code, [status, message]]) => [`\`${code}\``, String(status), message]),
      ),
    ],
    ['Limits of the contract', limitTable(contractLimits, limitSources.contract)],
    ['Limits of the server', limitTable(platformLimits, limitSources.platform)],
  ];
  return [
    '# Cloudhop API',
    'Generated from `libs/contracts` by `npm run docs`. The schemas are in [openapi.json](openapi.json) and [asyncapi.json](asyncapi.json).',
    ...sections.map(([title, text]) => `## ${title}\n\n${text}`),
    '',
  ].join('\n\n');
}
