import { Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { AdmissionService } from './admission/admission.service';
import { Draining } from './draining';
import { ENV, type Env, loadEnv } from './env';
import { Degradations } from './health/degradations';
import { HealthController } from './health/health.controller';
import { HealthService } from './health/health.service';
import { Readiness } from './health/readiness';
import { createLogger } from './logger';
import { Metrics } from './metrics';
import { MetricsServer } from './metrics-server';
import { OverloadGuard } from './overload-guard';
import { LimitStore } from './rate-limits/limit-store';
import { RateLimits } from './rate-limits/rate-limits';
import { RealtimeServer } from './realtime-server';
import { markOf } from './rest/request-mark';
import { RestLimits } from './rest/rest-limits';
import { SECRETS, loadSecrets } from './secrets';

const shared = [
  { provide: ENV, useFactory: () => loadEnv() },
  { provide: SECRETS, inject: [ENV], useFactory: (env: Env) => loadSecrets(env) },
  AdmissionService,
  Degradations,
  Draining,
  HealthService,
  LimitStore,
  Metrics,
  OverloadGuard,
  RateLimits,
  Readiness,
  RealtimeServer,
  RestLimits,
];

/** Provides what every feature stands on: configuration, errors, logs, health, metrics, and the edge of REST and sockets. */
@Global()
@Module({
  imports: [
    LoggerModule.forRootAsync({
      inject: [ENV],
      useFactory: (env: Env) => ({
        pinoHttp: {
          logger: createLogger(env.LOG_LEVEL),
          genReqId: (request) => markOf(request).requestId,
          // Addresses, tokens and bodies stay out: a line says which route, by whom it can be followed, and how it went.
          // With wrapped serializers, pino-http would replace the logger's error serializer by one that logs every field.
          wrapSerializers: false,
          serializers: {
            request: ({ id, method }: { id: string; method: string }) => ({ id, method }),
            response: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
          },
          customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'debug'),
          customAttributeKeys: { req: 'request', res: 'response', responseTime: 'durationMs' },
          // The route is known once the request was answered, not when its logger is made.
          customSuccessObject: (request, _response, fields: object) => ({
            event: 'http_answered',
            route: markOf(request).route,
            ...fields,
          }),
          customErrorObject: (request, _response, _error, fields: object) => ({
            event: 'http_failed',
            route: markOf(request).route,
            ...fields,
          }),
          customSuccessMessage: () => '',
          customErrorMessage: () => '',
        },
      }),
    }),
  ],
  controllers: [HealthController],
  providers: [...shared, MetricsServer],
  exports: shared,
})
export class PlatformModule {}
