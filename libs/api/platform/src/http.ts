import { limits as contractLimits } from '@cloudhop/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import { AdmissionService } from './admission/admission.service';
import { clientAddress } from './client-address';
import { asyncApiDocument } from './documents/asyncapi';
import { openApiDocument } from './documents/openapi';
import { Draining } from './draining';
import { ENV, type Env } from './env';
import { probeOf } from './health/probes';
import { setTimeouts } from './http-timeouts';
import { hostPolicy, refuseUnknownHosts } from './known-hosts';
import { Metrics } from './metrics';
import { OverloadGuard } from './overload-guard';
import { servePage } from './page/page';
import { securityHeaders } from './page/security-headers';
import { requireDecodable } from './parse-input';
import { answerOptions } from './rest/allowed-methods';
import { ErrorFilter } from './rest/error-filter';
import { markOf, markRequest } from './rest/request-mark';
import { RestLimits } from './rest/rest-limits';
import { SocketAdapter } from './sockets/socket-adapter';

/** Puts everything before the routes in its place. Create the application with `bodyParser: false`. */
export function configureHttp(app: NestExpressApplication, version: string): void {
  const env = app.get<Env>(ENV);
  const draining = app.get(Draining);
  const limits = app.get(RestLimits);
  const metrics = app.get(Metrics);
  const hosts = hostPolicy(env);

  setTimeouts(app.getHttpServer());
  app.disable('x-powered-by');
  app.disable('etag');
  app.useGlobalFilters(new ErrorFilter());
  app.useWebSocketAdapter(
    new SocketAdapter(
      app.getHttpServer(),
      { publicUrl: env.PUBLIC_URL, hosts, isAccepting: () => !draining.isDraining },
      app.get(AdmissionService),
      app.get(OverloadGuard),
      metrics,
    ),
  );

  app.use((request: Request, response: Response, next: NextFunction) => {
    const address = clientAddress(
      request.socket.remoteAddress,
      request.headers['x-forwarded-for'],
      env.TRUSTED_PROXIES,
    );
    response.setHeader('X-Request-Id', markRequest(request, address).requestId);
    // Its next request goes to another node.
    if (draining.isLeaving) response.setHeader('Connection', 'close');
    const end = metrics.httpDuration.startTimer();
    response.once('finish', () => {
      // What is refused before it has a route is counted too, or a flood would not be seen.
      const route = markOf(request).route ?? (request.originalUrl.startsWith('/api') ? 'none' : 'page');
      end({ route, status: String(response.statusCode) });
    });
    next();
  });
  app.use(securityHeaders(env));
  app.use(refuseUnknownHosts(hosts));
  // A reply with a token beside text of the client must not shrink when the two are alike (BREACH).
  app.use(
    compression({ filter: (request, response) => !isAboutTokens(request) && compression.filter(request, response) }),
  );
  app.use('/api', (request: Request, response: Response, next: NextFunction) => {
    // Replies are valid now and for this client only. The documents set another header themselves.
    response.setHeader('Cache-Control', 'no-store');
    // Probes are never limited: they come often, from an address that others may share.
    if (probeOf(request.path) !== undefined) return next();
    limits.admitAddress(markOf(request), response).then(() => next(), next);
  });
  app.use('/api', (request: Request, _response: Response, next: NextFunction) => {
    requireDecodable(request.url);
    next();
  });
  app.use('/api', answerOptions);
  app.use('/api', express.json({ limit: contractLimits.payloadBytes, type: 'application/json' }));
  app.use(servePage(env.WEB_DIR));
  serveDocuments(app, version);
}

function isAboutTokens(request: Pick<Request, 'url'>): boolean {
  return request.url.startsWith('/api/auth/');
}

function serveDocuments(app: NestExpressApplication, version: string): void {
  const documents = { '/api/openapi.json': openApiDocument(version), '/api/asyncapi.json': asyncApiDocument(version) };
  for (const [path, document] of Object.entries(documents)) {
    const text = JSON.stringify(document);
    app.use(path, (_request: Request, response: Response) => {
      response.setHeader('Cache-Control', 'no-cache');
      response.type('json').send(text);
    });
  }
  SwaggerModule.setup('api/docs', app, documents['/api/openapi.json'] as unknown as OpenAPIObject, {
    customSiteTitle: 'Cloudhop API',
    swaggerOptions: { persistAuthorization: false },
  });
}
