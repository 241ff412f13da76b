import { Database, selectList } from '@cloudhop/api/database';
import type { LinkPreview } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { createHash } from 'node:crypto';
import { LessThan, type Repository } from 'typeorm';
import { conversationsRowShapes } from '../row-shapes';
import { LinkPreviewEntity } from './link-preview.entity';
import { PreviewJobEntity } from './preview-job.entity';

/** A row of preview_claim_v1: a link whose page is to be read. */
export type PreviewJob = Omit<PreviewJobEntity, 'due_at'>;

const jobColumns = selectList(conversationsRowShapes.preview_jobs);

const hashOf = (url: string): Buffer => createHash('sha256').update(url).digest();

/** Returns a time by the clock of this node, which is good enough for lifetimes of hours and days. */
const ago = (ms: number): Date => new Date(Date.now() - ms);

/** Queue of links whose pages are to be read, and cache of previews. */
@Injectable()
export class LinkPreviewsRepository {
  constructor(
    private readonly database: Database,
    @InjectRepository(LinkPreviewEntity) private readonly previews: Repository<LinkPreviewEntity>,
    @InjectRepository(PreviewJobEntity) private readonly jobs: Repository<PreviewJobEntity>,
  ) {}

  /** Claims up to `limit` jobs that are due. After `leaseMs`, those that are not finished are due again, for any node. */
  claim(limit: number, leaseMs: number): Promise<PreviewJob[]> {
    return this.database.query<PreviewJob>(`select ${jobColumns} from preview_claim_v1($1, $2)`, [limit, leaseMs]);
  }

  /** Deletes a job that is done, unless its message got another text meanwhile. */
  async finish({ conversation_id, seq, said }: PreviewJob): Promise<void> {
    await this.jobs.delete({ conversation_id, seq, said });
  }

  /**
   * Returns the cached preview that is younger than `keptMs`; null if the page had none within `failedMs`; undefined if
   * the page must be requested.
   */
  async known(url: string, keptMs: number, failedMs: number): Promise<LinkPreview | null | undefined> {
    const row = await this.previews.findOneBy({ url_hash: hashOf(url) });
    if (!row) return undefined;
    return row.fetched_at > ago(row.preview ? keptMs : failedMs) ? row.preview : undefined;
  }

  /** Stores the preview of a page, or that it has none. */
  async keep(url: string, preview: LinkPreview | undefined): Promise<void> {
    const row = { url_hash: hashOf(url), preview: preview ?? null, fetched_at: () => 'now()' };
    await this.previews.upsert(row, ['url_hash']);
  }

  /** Deletes previews older than `keptMs`, and jobs that were not done within `jobsMs`. */
  async forget(keptMs: number, jobsMs: number): Promise<void> {
    await this.jobs.delete({ due_at: LessThan(ago(jobsMs)) });
    await this.previews.delete({ fetched_at: LessThan(ago(keptMs)) });
  }
}
