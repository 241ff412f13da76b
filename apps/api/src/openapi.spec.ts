import { openApiDocument } from '@cloudhop/api/platform';
import { type RouteName, errorCodes, routes } from '@cloudhop/contracts';
import { OpenApi } from './testing/open-api';

const document = openApiDocument('1.2.3');
const openApi = new OpenApi(document);
const names = Object.keys(routes) as RouteName[];

test('the document is OpenAPI 3.1 with one operation for each route and no other', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Cloudhop', version: '1.2.3' } });
  const found = Object.values(document.paths ?? {}).flatMap((path) =>
    Object.values(path as Record<string, { operationId?: string }>).map(({ operationId }) => operationId),
  );
  expect(found.sort()).toEqual([...names].sort());
});

describe.each(names)('%s', (name) => {
  const row = routes[name];
  const operation = openApi.operation(name);

  test('has a summary, a tag that is explained, errors and its own security', () => {
    expect(operation.summary).toBe(row.summary);
    expect(document.tags?.map((tag) => tag.name)).toEqual(expect.arrayContaining(operation.tags));
    const byToken = row.scope === undefined ? [] : [{ apiToken: [] }];
    expect(operation.security).toEqual(row.security === 'none' ? [] : [{ [row.security]: [] }, ...byToken]);
    for (const { code } of row.errors.map((code) => ({ code })))
      expect(operation.responses[errorCodes[code][0]]?.content?.['application/json']?.examples).toHaveProperty(code);
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '413', '500', '503']));
    // Probes are never limited.
    expect('429' in operation.responses).toBe(row.tag !== 'health');
  });

  test('declares every parameter of its path', () => {
    const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map((each) => each.name);
    expect(declared).toEqual([...row.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter));
  });

  test('has an example, and all its examples are true by the table and by the document', () => {
    // A DELETE neither takes nor answers anything.
    if (row.method !== 'DELETE') expect(row.example ?? row.exampleReply).toBeDefined();
    if (row.example !== undefined) {
      expect(row.body.safeParse(row.example).error).toBeUndefined();
      expect(operation.requestBody?.content['application/json'].example).toEqual(row.example);
    }
    for (const status of row.status) {
      if (status === 204) continue;
      expect(row.reply.safeParse(row.exampleReply).error).toBeUndefined();
      expect(openApi.problems(name, status, row.exampleReply)).toEqual([]);
    }
    for (const [status, { content }] of Object.entries(operation.responses))
      for (const example of Object.values(content?.['application/json']?.examples ?? {}))
        expect(openApi.problems(name, Number(status), example.value)).toEqual([]);
  });
});

test('every reference leads somewhere', () => {
  const text = JSON.stringify(document);
  for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g))
    expect({ path, target: openApi.at(path!) }).toEqual({ path, target: expect.any(Object) });
});

test('a body with a field too few is not as the document says, so its schemas are not empty', () => {
  expect(openApi.problems('auth.me', 200, { id: 'x' })).not.toEqual([]);
  expect(openApi.problems('auth.me', 404, { error: { code: 'not_a_code', message: '' } })).not.toEqual([]);
});
