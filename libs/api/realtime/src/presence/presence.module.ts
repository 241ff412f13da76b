import { Global, Module } from '@nestjs/common';
import { PresenceDirectory } from './presence-directory';
import { PresenceRegistry } from './presence-registry';

@Global()
@Module({
  providers: [PresenceDirectory, PresenceRegistry],
  exports: [PresenceDirectory, PresenceRegistry],
})
export class PresenceModule {}
