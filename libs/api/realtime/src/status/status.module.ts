import { Module } from '@nestjs/common';
import { StatusController } from './status.controller';
import { StatusGateway } from './status.gateway';
import { StatusService } from './status.service';

/** Status of the service, for people. */
@Module({ controllers: [StatusController], providers: [StatusGateway, StatusService] })
export class StatusModule {}
