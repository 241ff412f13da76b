import type { Health } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { DomainError } from '../domain-error';
import { Draining } from '../draining';
import { Route } from '../route';
import { Readiness } from './readiness';

@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly draining: Draining,
  ) {}

  @Route('health.live')
  live(): Health {
    return { status: 'ok', checks: {} };
  }

  @Route('health.ready')
  async ready(): Promise<Health> {
    const checks = { ...(await this.readiness.run()), accepting: !this.draining.isDraining };
    const failed = Object.entries(checks).filter(([, passed]) => !passed);
    if (failed.length > 0)
      throw new DomainError('unavailable', {
        fields: Object.fromEntries(failed.map(([name]) => [name, 'is not ready'])),
      });
    return { status: 'ok', checks };
  }
}
