import type { LogNode } from '@cloudhop/api/conversations/testing';
import { MembershipsRepository } from '../memberships.repository';
import { MembershipsService } from '../memberships.service';
import { RoomSettingsRepository } from '../room-settings.repository';
import { RoomSettingsService } from '../room-settings.service';
import { registerLeaving } from '../rooms.module';

export { roomsRowShapes } from '../row-shapes';

/** Returns the services of rooms on a node. */
export function roomServices({ database, conversations, membershipPublisher, cleanup }: LogNode) {
  const membershipsRepository = new MembershipsRepository(database);
  const roomSettingsRepository = new RoomSettingsRepository(database);
  const memberships = new MembershipsService(membershipsRepository, membershipPublisher);
  registerLeaving(cleanup, memberships);
  return {
    membershipsRepository,
    roomSettingsRepository,
    memberships,
    rooms: new RoomSettingsService(roomSettingsRepository, membershipPublisher, conversations),
  };
}
