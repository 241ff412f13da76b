import { Route } from '@cloudhop/api/platform';
import type { ServerStatus } from '@cloudhop/contracts';
import { Controller } from '@nestjs/common';
import { StatusService } from './status.service';

@Controller()
export class StatusController {
  constructor(private readonly status: StatusService) {}

  @Route('status.get')
  get(): Promise<ServerStatus> {
    return this.status.get();
  }
}
