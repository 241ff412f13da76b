import type { FactPayload } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Why a session ended. */
export type SessionEnd = FactPayload<'session:revoked'>['reason'];

/** One signed-in device, with the names of the columns. Its id is also that of the family of its refresh tokens. */
@Entity('sessions')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  user_id!: string;

  /** Label of the device, as its owner sees it. */
  @Column('text')
  label!: string;

  /** See refresh-rule.ts. */
  @Column('integer')
  presented!: number;

  @Column('timestamptz', { array: true })
  presentations!: Date[];

  @Column('timestamptz')
  created_at!: Date;

  @Column('timestamptz')
  last_used_at!: Date;

  @Column('timestamptz')
  expires_at!: Date;

  @Column('timestamptz', { nullable: true })
  ended_at!: Date | null;

  @Column('text', { nullable: true })
  end_reason!: SessionEnd | null;

  /** Successor: the session that registering began. Null if this session was not replaced. */
  @Column('uuid', { nullable: true })
  replaced_by!: string | null;

  /** The personal rev at which the row last changed. */
  @Column('bigint')
  feed_rev!: number;
}
