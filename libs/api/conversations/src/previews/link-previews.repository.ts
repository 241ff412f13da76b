import { Database } from '@cloudhop/api/core';
import type { LinkPreview } from '@cloudhop/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';

/** A link whose page is to be read. */
export interface PreviewJob {
  conversation_id: string;
  seq: number;
  message_id: string;
  author_id: string;
  url: string;
  /** Hash of the text in which it stands. */
  said: string;
  /** How often somebody took it, this time included. */
  tries: number;
}

const hashOf = (url: string): Buffer => createHash('sha256').update(url).digest();

/** Links that wait for their pages, and what pages said. */
@Injectable()
export class LinkPreviewsRepository {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Takes up to `limit` jobs that are due; another gets them when they are not finished by then. */
  claim(limit: number, leaseMs: number): Promise<PreviewJob[]> {
    return this.database.query<PreviewJob & Record<string, unknown>>('select * from preview_claim_v1($1, $2)', [
      limit,
      leaseMs,
    ]);
  }

  /** The job is done, unless its message got another text meanwhile. */
  async finish({ conversation_id: conversationId, seq, said }: PreviewJob): Promise<void> {
    await this.database.query('delete from preview_jobs where conversation_id = $1 and seq = $2 and said = $3', [
      conversationId,
      seq,
      said,
    ]);
  }

  /** What the page said within `keptMs`, or null if it said nothing within `failedMs`; undefined when it must be asked. */
  async known(url: string, keptMs: number, failedMs: number): Promise<LinkPreview | null | undefined> {
    const [row] = await this.database.query<{ preview: LinkPreview | null }>(
      `select preview from link_previews where url_hash = $1
         and fetched_at > now() - case when preview is null then $3::bigint else $2::bigint end * interval '1 millisecond'`,
      [hashOf(url), keptMs, failedMs],
    );
    return row?.preview;
  }

  async keep(url: string, preview: LinkPreview | undefined): Promise<void> {
    await this.database.query(
      `insert into link_previews (url_hash, preview, fetched_at) values ($1, $2, now())
       on conflict (url_hash) do update set preview = excluded.preview, fetched_at = excluded.fetched_at`,
      [hashOf(url), preview === undefined ? null : JSON.stringify(preview)],
    );
  }

  /** Forgets what is older, and jobs that nobody has done. */
  async forget(keptMs: number, jobsMs: number): Promise<void> {
    await this.database.query(`delete from preview_jobs where due_at < now() - $1 * interval '1 millisecond'`, [
      jobsMs,
    ]);
    await this.database.query(`delete from link_previews where fetched_at < now() - $1 * interval '1 millisecond'`, [
      keptMs,
    ]);
  }
}
