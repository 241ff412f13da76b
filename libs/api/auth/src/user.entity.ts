import type { AvatarColor, User } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A person or a program, with the names of the columns: rows also come as JSON out of SQL functions. Rows stay for
 * ever, as messages name their author by id.
 */
@Entity('users')
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: User['kind'];

  /** Absent until the guest chose a name, and again once anonymised. */
  @Column('text', { nullable: true })
  display_name!: string | null;

  /** Only live guests have one. */
  @Column('text', { nullable: true })
  tag!: string | null;

  @Column('text', { nullable: true })
  username!: string | null;

  @Column('text', { nullable: true })
  avatar_color!: AvatarColor | null;

  /** Counts changes of what others see. */
  @Column('integer')
  profile_rev!: number;

  /** The personal rev at which the row last changed. */
  @Column('bigint')
  feed_rev!: number;

  @Column('timestamptz')
  created_at!: Date;

  /** Written at most once per limits.lastSeenIntervalMs. */
  @Column('timestamptz')
  last_seen_at!: Date;

  @Column('timestamptz', { nullable: true })
  anonymised_at!: Date | null;
}
