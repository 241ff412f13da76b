import { limits } from '@cloudhop/api/platform';
import { Database, selectList } from '@cloudhop/api/database';
import { type SettingsVerdict, type WrittenMember, conversationsRowShapes } from '@cloudhop/api/conversations';
import { type GuestAccess, type Visibility, roomNameKey } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { roomsRowShapes } from './row-shapes';

/** An address that a room may get, and what it looks like (UTS #39). */
export interface SlugChoice {
  slug: string;
  skeleton: string;
}

export interface NewRoom {
  id: string;
  name: string;
  visibility: Visibility;
  topic?: string | undefined;
  guests: GuestAccess;
  isAnnouncement: boolean;
}

/** Change of a room's settings. What is absent stays; null removes. */
export interface RoomChange {
  name?: string | undefined;
  topic?: string | null | undefined;
  visibility?: Visibility | undefined;
  guests?: GuestAccess | undefined;
  isAnnouncement?: boolean | undefined;
  slowModeMs?: number | undefined;
  retentionMs?: number | null | undefined;
  isArchived?: boolean | undefined;
}

const memberColumns = selectList(conversationsRowShapes.member_told_v1);
const settingsColumns = selectList(roomsRowShapes.room_settings_v1);

/** Rooms and their settings. Each change is one SQL function, which locks, decides and writes. */
@Injectable()
export class RoomSettingsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Creates a room under the first of the slugs that is free, with `actorId` as its owner. isChosen: the actor asked for
   * the first one. Returns the membership that was written, or one row with a code.
   */
  create(
    actorId: string,
    { id, name, ...room }: NewRoom,
    slugs: readonly SlugChoice[],
    isChosen: boolean,
  ): Promise<WrittenMember[]> {
    return this.database.retrying(() =>
      this.database.query<WrittenMember>(
        `select ${memberColumns} from room_create_v1($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          actorId,
          id,
          JSON.stringify({ title: name, nameKey: roomNameKey(name), ...room }),
          slugs.map(({ slug }) => slug),
          slugs.map(({ skeleton }) => skeleton),
          isChosen,
          limits.guestRoomsPerDay,
          limits.memberRoomsPerDay,
        ],
      ),
    );
  }

  /** Changes settings. With slugs, the room asks for the first one, and gets the first that is free. */
  async change(
    conversationId: string,
    actorId: string,
    { name, ...change }: RoomChange,
    slugs: readonly SlugChoice[],
  ): Promise<SettingsVerdict> {
    const named = { ...change, ...(name !== undefined && { title: name, nameKey: roomNameKey(name) }) };
    const [row] = await this.database.retrying(() =>
      this.database.query<SettingsVerdict>(`select ${settingsColumns} from room_settings_v1($1, $2, $3, $4, $5)`, [
        conversationId,
        actorId,
        JSON.stringify({ ...named, ...(slugs.length > 0 && { slug: slugs[0]!.slug }) }),
        slugs.map(({ slug }) => slug),
        slugs.map(({ skeleton }) => skeleton),
      ]),
    );
    return row!;
  }
}
