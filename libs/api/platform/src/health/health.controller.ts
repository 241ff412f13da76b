import type { Health } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { Route } from '../route';
import { HealthService } from './health.service';

@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Route('health.live')
  live(): Health {
    return this.health.live();
  }

  @Route('health.ready')
  ready(): Promise<Health> {
    return this.health.ready();
  }
}
