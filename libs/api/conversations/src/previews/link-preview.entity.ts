import type { LinkPreview } from '@cloudhop/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Cached answer of a page. */
@Entity('link_previews')
export class LinkPreviewEntity {
  /** SHA-256 of the address. */
  @PrimaryColumn('bytea')
  url_hash!: Buffer;

  /** Absent if the page had none, or could not be reached. */
  @Column('json', { nullable: true })
  preview!: LinkPreview | null;

  @Column('timestamptz')
  fetched_at!: Date;
}
