import { renderRows } from '@cloudhop/api/platform';
import type { FeedChange } from '@cloudhop/api/realtime';
import type { PersonalChange, SyncReply, User } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import type { ChangeRow } from './rows';

type Kind = PersonalChange['kind'];
type ChangeOf<K extends Kind> = Extract<PersonalChange, { kind: K }>;

/** Snapshot of one user's personal feed: the reply to a first sync. */
export type PersonalSnapshot = Omit<Extract<SyncReply['personal'], { reset: unknown }>['reset'], 'rev' | 'lobbyId'>;

/** One kind of change in personal feeds, registered by the feature that owns its rows. */
export interface PersonalFeedKind<K extends Kind> {
  /** Renders the row of the latest state, as JSON of the database. Throws if the row can't be rendered. */
  toChange(data: unknown): Omit<ChangeOf<K>, 'kind' | 'rev'>;
  /** Returns true if nothing after this change may reach the user's sockets. */
  isCutOff?(change: ChangeOf<K>): boolean;
}

/** One field of the snapshot, registered by the feature that owns its rows. */
export interface SnapshotField<F extends keyof PersonalSnapshot, Row> {
  /** Returns an SQL expression of type json for the user `u`. It is part of one statement with the head of the feed. */
  sql(): string;
  /** Renders the JSON. */
  render(row: Row, userId: string): PersonalSnapshot[F];
  /** Returns the ids of the users that the rows refer to. */
  userIds?(row: Row): readonly (string | null | undefined)[];
}

/** Every field of the snapshot. The type checker keeps it complete, so that no feature is forgotten. */
const snapshotFields: Record<keyof PersonalSnapshot, true> = {
  user: true,
  conversations: true,
  friends: true,
  blocks: true,
  drafts: true,
  invitations: true,
  settings: true,
};

/**
 * Registry of what personal feeds hold. Each feature registers its kinds of change, and its fields of the snapshot, when
 * its module starts.
 */
@Injectable()
export class PersonalFeedKinds {
  readonly #kinds = new Map<string, PersonalFeedKind<Kind>>();
  readonly #fields = new Map<string, SnapshotField<keyof PersonalSnapshot, unknown>>();
  #toUsers: (rows: readonly unknown[]) => User[] = () => [];

  registerKind<K extends Kind>(kind: K, definition: PersonalFeedKind<K>): void {
    this.#kinds.set(kind, definition);
  }

  registerField<F extends keyof PersonalSnapshot, Row>(field: F, definition: SnapshotField<F, Row>): void {
    this.#fields.set(field, definition);
  }

  /** Registers the rendering of public profiles. */
  registerUsers(toUsers: (rows: readonly unknown[]) => User[]): void {
    this.#toUsers = toUsers;
  }

  /** Returns the fields of the snapshot with their definitions. Throws if a feature has not registered its own. */
  fields(): readonly (readonly [keyof PersonalSnapshot, SnapshotField<keyof PersonalSnapshot, unknown>])[] {
    return (Object.keys(snapshotFields) as (keyof PersonalSnapshot)[]).map((name) => {
      const definition = this.#fields.get(name);
      if (!definition) throw new Error(`no feature has registered the field ${name} of the personal snapshot`);
      return [name, definition] as const;
    });
  }

  toUsers(rows: readonly unknown[]): User[] {
    return this.#toUsers(rows);
  }

  /** Renders changes of a personal feed. Leaves out one that can't be rendered: the next rev passes it. */
  toChanges(userId: string, rows: readonly ChangeRow[]): PersonalChange[] {
    return renderRows(
      {
        kind: 'personal_change',
        keyOf: ({ kind, rev }) => `${userId} ${kind} ${rev}`,
        render: (row) => this.#toChange(row),
      },
      rows,
    );
  }

  isCutOff(change: FeedChange): boolean {
    const definition = this.#kinds.get(change.kind);
    return definition?.isCutOff?.(change as PersonalChange) === true;
  }

  #toChange({ kind, rev, data }: ChangeRow): PersonalChange {
    const definition = this.#kinds.get(kind);
    if (!definition) throw new Error(`no feature has registered the kind ${kind} of personal change`);
    return { kind, rev, ...definition.toChange(data) } as PersonalChange;
  }
}
