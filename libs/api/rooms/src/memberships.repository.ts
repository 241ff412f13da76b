import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { type WrittenMember, conversationsRowShapes } from '@cloudhop/api/conversations';
import { type AddressBan, type Role, limits as wire } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { roomsRowShapes } from './row-shapes';

export type MembershipVerb =
  'join' | 'leave' | 'invite' | 'remove' | 'ban' | 'unban' | 'mute' | 'unmute' | 'appoint' | 'hand_over';

/** Details that some changes of a membership need. */
export interface MembershipDetails {
  /** Of `appoint`: the new role. */
  role?: Role;
  /** Of `mute`: its end. */
  until?: Date;
  /** Of `join`: the hash of an invite link's secret. */
  inviteHash?: Buffer | undefined;
}

/** A row of membership_ban_v1. */
export interface WrittenBan extends WrittenMember {
  /** Outcome for a guest's address; null for a member, and if the ban left the address out. */
  address: AddressBan['outcome'] | null;
}

const banColumns = selectList(roomsRowShapes.membership_ban_v1);
const memberColumns = selectList(conversationsRowShapes.member_told_v1);

/** Memberships of rooms and the lobby. Each change is one SQL function, which locks, decides and writes. */
@Injectable()
export class MembershipsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Changes the membership of `userId`, and the role of the successor of an owner. Without `actorId`, the server is the
   * actor. Returns the memberships that were written, or one row with a code.
   */
  change(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    verb: MembershipVerb,
    { role, until, inviteHash }: MembershipDetails = {},
  ): Promise<WrittenMember[]> {
    return this.database.retrying(() =>
      this.database.query<WrittenMember>(
        `select ${memberColumns} from membership_change_v3($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          conversationId,
          actorId ?? null,
          userId,
          verb,
          role ?? null,
          until ?? null,
          limits.memberRevs,
          inviteHash ?? null,
          wire.openInvitations,
          limits.roomsOfOne,
        ],
      ),
    );
  }

  /** Bans a user, and a guest's address for `addressMs` if given. Returns rows as `change` does. */
  ban(
    conversationId: string,
    actorId: string | undefined,
    userId: string,
    addressMs: number | undefined,
  ): Promise<WrittenBan[]> {
    return this.database.retrying(() =>
      this.database.query<WrittenBan>(`select ${banColumns} from membership_ban_v1($1, $2, $3, $4, $5, $6, $7, $8)`, [
        conversationId,
        actorId ?? null,
        userId,
        limits.memberRevs,
        wire.openInvitations,
        limits.roomsOfOne,
        addressMs ?? null,
        limits.addressBanUsers,
      ]),
    );
  }

  /**
   * Ends a guest's ban that was derived from their address. Returns as `change` does, and nothing for a ban by name.
   */
  endAddressBan(conversationId: string, userId: string): Promise<WrittenMember[]> {
    return this.database.retrying(() =>
      this.database.query<WrittenMember>(`select ${memberColumns} from address_ban_end_v1($1, $2, $3, $4, $5)`, [
        conversationId,
        userId,
        limits.memberRevs,
        wire.openInvitations,
        limits.roomsOfOne,
      ]),
    );
  }
}
