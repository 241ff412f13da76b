import type { AvatarColor, User } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * A person or a program, with the names of the columns, because rows also arrive as JSON from SQL functions. Rows are
 * never deleted: messages refer to their author by id.
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

  /** Username for log-in, case folded. This and the next two columns are loaded only by name. */
  @Column('text', { nullable: true, select: false })
  username_key!: string | null;

  /** Skeleton of the username (UTS #39). */
  @Column('text', { nullable: true, select: false })
  username_skeleton!: string | null;

  /** argon2id, with its parameters and its salt. */
  @Column('text', { nullable: true, select: false })
  password_hash!: string | null;

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
