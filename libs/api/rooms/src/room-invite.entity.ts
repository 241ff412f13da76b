import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Link into a room, without the hash of its secret: only the SQL functions that write and use links need that. */
@Entity('room_invites')
export class RoomInviteEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  conversation_id!: string;

  @Column('uuid')
  created_by!: string;

  @Column('timestamptz')
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  @Column('integer', { nullable: true })
  max_uses!: number | null;

  @Column('integer')
  uses!: number;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;
}
