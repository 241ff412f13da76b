import {
  type Block,
  type Draft,
  type ErrorCode,
  type Friend,
  type FriendState,
  type PersonalChange,
  type PersonalReset,
  type PersonalSettings,
  defaultSettings,
} from '@cloudhop/contracts';

interface FriendRow {
  readonly friend: Friend;
  readonly declinedAt?: number;
  readonly rev: number;
}

/** Changes of personal feeds by a function, or the reason why there are none. Empty if everything was so already. */
export interface PeopleVerdict {
  readonly code?: ErrorCode;
  readonly told: readonly { readonly userId: string; readonly change: PersonalChange }[];
}

export const keyOf = (userId: string, otherId: string) => `${userId} ${otherId}`;

/** Tables of friends, blocks, drafts and settings, by user id or by both ids. */
export class ModelPeople {
  friends = new Map<string, FriendRow>();
  blocks = new Map<string, { readonly block: Block; readonly rev: number }>();
  drafts = new Map<string, { readonly draft: Draft; readonly rev: number }>();
  settings = new Map<string, { readonly settings: PersonalSettings; readonly rev: number }>();

  copy(): ModelPeople {
    const copy = new ModelPeople();
    copy.friends = new Map(this.friends);
    copy.blocks = new Map(this.blocks);
    copy.drafts = new Map(this.drafts);
    copy.settings = new Map(this.settings);
    return copy;
  }

  friend(userId: string, otherId: string): FriendState {
    return this.friends.get(keyOf(userId, otherId))?.friend.state ?? 'none';
  }

  isBlocked(userId: string, otherId: string): boolean {
    return this.blocks.get(keyOf(userId, otherId))?.block.level === 'blocked';
  }

  settingsOf(userId: string): PersonalSettings {
    return this.settings.get(userId)?.settings ?? defaultSettings;
  }

  /** Returns the changes of a user's personal feed after `rev`. */
  changesAfter(userId: string, rev: number): PersonalChange[] {
    const own = <T extends { readonly rev: number }>(rows: ReadonlyMap<string, T>): T[] =>
      [...rows].flatMap(([key, row]) => (key.startsWith(userId) && row.rev > rev ? [row] : []));
    return [
      ...own(this.friends).map((row) => ({ kind: 'friend' as const, rev: row.rev, friend: row.friend })),
      ...own(this.blocks).map((row) => ({ kind: 'block' as const, rev: row.rev, block: row.block })),
      ...own(this.drafts).map((row) => ({ kind: 'draft' as const, rev: row.rev, draft: row.draft })),
      ...own(this.settings).map((row) => ({ kind: 'settings' as const, rev: row.rev, settings: row.settings })),
    ];
  }

  /** As a first sync answers it. */
  stateOf(userId: string): Required<Pick<PersonalReset, 'friends' | 'blocks' | 'drafts' | 'settings'>> {
    const all = this.changesAfter(userId, -1);
    return {
      friends: all.flatMap((change) =>
        change.kind === 'friend' && change.friend.state !== 'none' ? [change.friend] : [],
      ),
      blocks: all.flatMap((change) => (change.kind === 'block' && change.block.level !== 'none' ? [change.block] : [])),
      drafts: all.flatMap((change) => (change.kind === 'draft' && change.draft.body !== '' ? [change.draft] : [])),
      settings: this.settingsOf(userId),
    };
  }

  writeFriend(
    { now }: { readonly now: string },
    userId: string,
    otherId: string,
    { state, rev, note, declinedAt }: { state: FriendState; rev: number; note?: string; declinedAt?: number },
  ): PeopleVerdict['told'][number] {
    const friend = { userId: otherId, state, ...(note !== undefined && { note }), at: now };
    const before = this.friends.get(keyOf(userId, otherId));
    const declined = declinedAt ?? (state === 'none' ? before?.declinedAt : undefined);
    this.friends.set(keyOf(userId, otherId), {
      friend,
      rev,
      ...(declined !== undefined && { declinedAt: declined }),
    });
    return { userId, change: { kind: 'friend', rev, friend } };
  }
}
