import { type RouteName, routes } from '@cloudhop/contracts';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

interface Content {
  'application/json': {
    schema: object;
    example?: unknown;
    examples?: Record<string, { value: unknown }>;
  };
}

export interface Operation {
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: Content };
  responses: Record<string, { headers?: object; content?: Content }>;
}

/** An OpenAPI document that answers are held against. */
export class OpenApi {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: object) {
    addFormats(this.#ajv);
    this.#ajv.addSchema(document, 'document');
  }

  operation(name: RouteName): Operation {
    const { method, path } = routes[name];
    const found = this.at(`paths/${escape(`/api${path}`)}/${method.toLowerCase()}`) as Operation;
    return { ...found, parameters: found.parameters ?? [] };
  }

  /** Returns the value at a JSON pointer without its leading slash. */
  at(pointer: string): unknown {
    return pointer
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((value, part) => Reflect.get(Object(value), part), this.document);
  }

  /** Returns the problems of a response body. A response that the document does not have is a problem too. */
  problems(name: RouteName, status: number, body: unknown): string[] {
    const { method, path } = routes[name];
    const response = this.operation(name).responses[status];
    if (!response) return [`${name} answers ${status}, which the document does not know`];
    if (!response.content)
      return body === undefined || body === '' ? [] : ['there is a body where there should be none'];
    const pointer = ['', 'paths', `/api${path}`, method.toLowerCase(), 'responses', `${status}`, 'content']
      .concat('application/json', 'schema')
      .map(escape)
      .join('/');
    let validate = this.#validators.get(pointer);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `document#${encodeURI(pointer)}` });
      this.#validators.set(pointer, validate);
    }
    return validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}
