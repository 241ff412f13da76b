export { StatusModule } from './status.module';
export { StatusService } from './status.service';
