import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Name that a user gave up. SQL functions write it, in the transaction that changes the name. */
@Entity('former_names')
export class FormerNameEntity {
  @PrimaryColumn('uuid')
  user_id!: string;

  /** The time at which the user took another name. */
  @PrimaryColumn('timestamptz')
  until!: Date;

  /** Absent if the user, a guest, had none until then. */
  @Column('text', { nullable: true })
  name!: string | null;
}
