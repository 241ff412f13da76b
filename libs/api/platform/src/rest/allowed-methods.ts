import { routes } from '@cloudhop/contracts';
import type { NextFunction, Request, Response } from 'express';

const patterns = Object.values(routes).map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The methods that the table has for a path below /api; HEAD wherever there is GET. */
function allowedMethods(path: string): string[] {
  const methods = new Set<string>();
  for (const { method, pattern } of patterns) {
    if (!pattern.test(path)) continue;
    methods.add(method);
    if (method === 'GET') methods.add('HEAD');
  }
  return methods.size > 0 ? [...methods, 'OPTIONS'] : [];
}

/**
 * Says which methods a path has: to OPTIONS as the answer, beside the 404 of a wrong method as a header. Nothing is
 * allowed to other sites, so a browser's preflight for one ends here.
 */
export function answerOptions(request: Request, response: Response, next: NextFunction): void {
  const methods = allowedMethods(request.path);
  if (methods.length > 0 && !methods.includes(request.method)) response.setHeader('Allow', methods.join(', '));
  if (request.method !== 'OPTIONS' || methods.length === 0) return next();
  response.setHeader('Allow', methods.join(', '));
  response.status(204).end();
}
