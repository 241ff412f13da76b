type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Method and path of a route. The path is relative to /api, with parameters in braces. */
export type Endpoint = `${Method} /${string}`;
export type Endpoints = Readonly<Record<string, Endpoint>>;

/** Returns the method and the path of an endpoint. */
export function splitEndpoint(endpoint: Endpoint): { method: Method; path: string } {
  const [method, path] = endpoint.split(' ') as [Method, string];
  return { method, path };
}
