import type { User } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A person or a program. Rows stay for ever: messages name their author by id. */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: User['kind'];

  /** Absent until the guest chose a name, and again once anonymised. */
  @Column('text', { name: 'display_name', nullable: true })
  displayName!: string | null;

  /** Only live guests have one. */
  @Column('text', { nullable: true })
  tag!: string | null;

  @Column('text', { nullable: true })
  username!: string | null;

  /** Counts changes of what others see. */
  @Column('integer', { name: 'profile_rev' })
  profileRev!: number;

  /** The personal rev at which the row last changed. */
  @Column('bigint', { name: 'feed_rev' })
  feedRev!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Written at most once per limits.lastSeenIntervalMs. */
  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt!: Date;

  @Column('timestamptz', { name: 'anonymised_at', nullable: true })
  anonymisedAt!: Date | null;
}
