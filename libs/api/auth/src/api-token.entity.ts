import type { Scope } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Key of a program, without the hash of its secret: only the statements that create and verify one need that. */
@Entity('api_tokens')
export class ApiTokenEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  user_id!: string;

  /** Label given by the owner. */
  @Column('text')
  label!: string;

  @Column('text', { array: true })
  scopes!: Scope[];

  @Column('timestamptz')
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** Written at most once per limits.tokenUseIntervalMs. */
  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;
}
