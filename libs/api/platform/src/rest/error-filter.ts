import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { eventLog } from '../event-log';
import { toDomainError } from '../render-error';
import { markOf } from './request-mark';

const log = eventLog('http');

/** Renders whatever was thrown on the way of an HTTP request as `{error}` with its status. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toDomainError(thrown);
    if (host.getType() !== 'http') {
      log.error('unrendered_error', thrown);
      return;
    }
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const { requestId, route } = markOf(request);
    if (error.code === 'internal') log.error('request_failed', error.cause ?? error, { requestId, route });
    if (response.headersSent) {
      // Part of the response is sent: only a broken connection shows the client that it is incomplete.
      response.destroy();
      return;
    }
    if (error.retryAfterMs !== undefined)
      response.setHeader('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
    // Part of a refused body may still be on its way; without this the next request would be read from its middle.
    if (error.code === 'payload_too_large') response.setHeader('Connection', 'close');
    response.setHeader('Cache-Control', 'no-store');
    response.status(error.status).json({ error: error.toBody() });
  }
}
