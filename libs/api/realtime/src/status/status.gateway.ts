import { On } from '@cloudhop/api/platform';
import type { RequestReply } from '@cloudhop/contracts';
import { WebSocketGateway } from '@nestjs/websockets';
import { StatusService } from './status.service';

@WebSocketGateway()
export class StatusGateway {
  constructor(private readonly status: StatusService) {}

  @On('connection:ping')
  ping(): RequestReply<'connection:ping'> {
    return { node: this.status.node };
  }
}
