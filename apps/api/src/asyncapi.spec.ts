import { asyncApiDocument } from '@cloudhop/api/platform';
import { type FactName, type RequestName, facts, requests } from '@cloudhop/contracts';
import asyncApiSchema from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

const document = asyncApiDocument('1.2.3');

interface Parts {
  operations: Record<string, { action: string; summary: string; reply?: object }>;
  components: { messages: Record<string, { payload: object }>; schemas: Record<string, object> };
}
const parts = document as unknown as Parts;

test('the document is AsyncAPI 3', () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile(asyncApiSchema as object);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
});

test('every request is received and acknowledged, every fact sent, and nothing else happens', () => {
  const key = (name: RequestName | FactName) => name.replace(':', '_');
  const received = Object.entries(parts.operations).filter(([, { action }]) => action === 'receive');
  const sent = Object.entries(parts.operations).filter(([, { action }]) => action === 'send');
  expect(received.map(([name]) => name)).toEqual((Object.keys(requests) as RequestName[]).map(key));
  expect(sent.map(([name]) => name)).toEqual((Object.keys(facts) as FactName[]).map(key));
  for (const [, operation] of received) expect(operation.reply).toBeDefined();
  for (const { summary } of Object.values(parts.operations)) expect(summary).toMatch(/\S/);
});

test('every schema compiles and every reference leads somewhere', () => {
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  ajv.addSchema(document, 'document');
  for (const name of Object.keys(parts.components.messages))
    expect(() => ajv.compile({ $ref: `document#/components/messages/${name}/payload` })).not.toThrow();
  const validate = ajv.compile({ $ref: 'document#/components/messages/message_send_reply/payload' });
  expect(validate({ ok: false, error: { code: 'muted', message: 'You are muted.' } })).toBe(true);
  expect(validate({ ok: false, error: { code: 'nonsense', message: '' } })).toBe(false);
  expect(validate({ ok: true, data: { id: 17 } })).toBe(false);
});
