import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Link whose page is to be read. The indexer writes it; a function claims it. */
@Entity('preview_jobs')
export class PreviewJobEntity {
  @PrimaryColumn('uuid')
  conversation_id!: string;

  /** Of the message in which the link stands. */
  @PrimaryColumn('bigint')
  seq!: number;

  @Column('uuid')
  message_id!: string;

  @Column('uuid')
  author_id!: string;

  @Column('text')
  url!: string;

  /** SHA-256 of the message's text, in hex. */
  @Column('text')
  said!: string;

  /** The time from which on a node may claim it. */
  @Column('timestamptz')
  due_at!: Date;

  /** Number of claims. */
  @Column('integer')
  tries!: number;
}
