import type { SchemaPart } from '@cloudhop/api/database';
import { AddressBans1800000018003 } from './migrations/address-bans';
import { FormerSlugs1800000018002 } from './migrations/former-slugs';
import { RoomsBaseline1800000004000 } from './migrations/rooms-baseline';
import addressBanEndV1 from './sql/address_ban_end_v1.sql';
import addressBanV1 from './sql/address_ban_v1.sql';
import entryRefusalV1 from './sql/entry_refusal_v1.sql';
import guestBansV1 from './sql/guest_bans_v1.sql';
import inviteCreateV1 from './sql/invite_create_v1.sql';
import inviteIsOpenV1 from './sql/invite_is_open_v1.sql';
import inviteRefusalV1 from './sql/invite_refusal_v1.sql';
import inviteRevokeV1 from './sql/invite_revoke_v1.sql';
import joinRefusalV1 from './sql/join_refusal_v1.sql';
import membershipAfterV1 from './sql/membership_after_v1.sql';
import membershipBanV1 from './sql/membership_ban_v1.sql';
import membershipChangeRefusalV1 from './sql/membership_change_refusal_v1.sql';
import membershipChangeV3 from './sql/membership_change_v3.sql';
import membershipChangeWriteV1 from './sql/membership_change_write_v1.sql';
import membershipIsToldV1 from './sql/membership_is_told_v1.sql';
import membershipJsonV1 from './sql/membership_json_v1.sql';
import membershipRefusalV1 from './sql/membership_refusal_v1.sql';
import membershipTakesRevV1 from './sql/membership_takes_rev_v1.sql';
import nextOwnerV1 from './sql/next_owner_v1.sql';
import roomCreateRefusalV1 from './sql/room_create_refusal_v1.sql';
import roomCreateV1 from './sql/room_create_v1.sql';
import roomRefusalV1 from './sql/room_refusal_v1.sql';
import roomSettingsAfterV1 from './sql/room_settings_after_v1.sql';
import roomSettingsRefusalV1 from './sql/room_settings_refusal_v1.sql';
import roomSettingsV1 from './sql/room_settings_v1.sql';
import roomSettingsWriteV1 from './sql/room_settings_write_v1.sql';
import slowModeStartV1 from './sql/slow_mode_start_v1.sql';
import slugIsTakenV1 from './sql/slug_is_taken_v1.sql';
import slugLeaveV1 from './sql/slug_leave_v1.sql';
import slugsLockV1 from './sql/slugs_lock_v1.sql';

/** Schema of rooms and their members. */
export const roomsSchema: SchemaPart = {
  migrations: [RoomsBaseline1800000004000, FormerSlugs1800000018002, AddressBans1800000018003],
  sql: [
    addressBanEndV1,
    addressBanV1,
    entryRefusalV1,
    guestBansV1,
    inviteCreateV1,
    inviteIsOpenV1,
    inviteRefusalV1,
    inviteRevokeV1,
    joinRefusalV1,
    membershipAfterV1,
    membershipBanV1,
    membershipChangeRefusalV1,
    membershipChangeV3,
    membershipChangeWriteV1,
    membershipIsToldV1,
    membershipJsonV1,
    membershipRefusalV1,
    membershipTakesRevV1,
    nextOwnerV1,
    roomCreateRefusalV1,
    roomCreateV1,
    roomRefusalV1,
    roomSettingsAfterV1,
    roomSettingsRefusalV1,
    roomSettingsV1,
    roomSettingsWriteV1,
    slowModeStartV1,
    slugIsTakenV1,
    slugLeaveV1,
    slugsLockV1,
  ],
};
