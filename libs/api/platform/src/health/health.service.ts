import type { Health } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain-error';
import { Draining } from '../draining';
import { Readiness } from './readiness';

/** Answers probes, on the public port and on that of the metrics. */
@Injectable()
export class HealthService {
  constructor(
    private readonly readiness: Readiness,
    private readonly draining: Draining,
  ) {}

  live(): Health {
    return { status: 'ok', checks: {} };
  }

  /** Throws unavailable, with the names of the checks that failed. */
  async ready(): Promise<Health> {
    const checks = { ...(await this.readiness.run()), accepting: !this.draining.isLeaving };
    const failed = Object.entries(checks).filter(([, passed]) => !passed);
    if (failed.length > 0)
      throw new DomainError('unavailable', {
        fields: Object.fromEntries(failed.map(([name]) => [name, 'is not ready'])),
      });
    return { status: 'ok', checks };
  }
}
