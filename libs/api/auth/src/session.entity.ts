import { Column, Entity, PrimaryColumn } from 'typeorm';

export const sessionEnds = ['logged_out', 'revoked', 'reused', 'expired'] as const;

/** Why a session ended; `session:revoked` tells it. */
export type SessionEnd = (typeof sessionEnds)[number];

/** One signed-in device. Its id is also that of the family of its refresh tokens. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'user_id' })
  userId!: string;

  /** What its owner calls the device. */
  @Column('text')
  label!: string;

  /** See refresh-rule.ts. */
  @Column('integer')
  presented!: number;

  @Column('timestamptz', { array: true })
  presentations!: Date[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_used_at' })
  lastUsedAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('text', { name: 'end_reason', nullable: true })
  endReason!: SessionEnd | null;

  /** The personal rev at which the row last changed. */
  @Column('bigint', { name: 'feed_rev' })
  feedRev!: number;
}
