import {
  type Block,
  type FactPayload,
  type Friend,
  type Membership,
  type PersonalSettings,
  defaultSettings,
} from '@cloudhop/contracts';
import type { SyncState } from './feeds';

export type PersonalFrame = FactPayload<'personal:changed'>;

/** What somebody is about to say in a conversation. */
export interface DraftState {
  /** As the personal feed told it. */
  readonly body: string;
  /** As it was typed here, until the feed tells it back. */
  readonly local?: {
    readonly body: string;
    /** What the server stored last of it, and the personal rev from which on the feed tells it. */
    readonly stored?: { readonly body: string; readonly rev: number };
  };
}

/** What the personal feed tells besides memberships. */
export interface Personal {
  readonly friends: ReadonlyMap<string, Friend>;
  readonly blocks: ReadonlyMap<string, Block['level']>;
  readonly drafts: ReadonlyMap<string, DraftState>;
  readonly settings: PersonalSettings;
  /** Memberships that wait for the person's answer. */
  readonly invitations: ReadonlyMap<string, Membership>;
}

export const initialPersonal: Personal = {
  friends: new Map(),
  blocks: new Map(),
  drafts: new Map(),
  settings: defaultSettings,
  invitations: new Map(),
};

/** Position in the personal feed. */
export interface PersonalFeedState {
  /** Absent until the first sync. */
  readonly rev?: number;
  readonly sync: SyncState;
  /** Frames that wait for a sync. */
  readonly pendingFrames: readonly PersonalFrame[];
}

export const initialPersonalFeed: PersonalFeedState = { sync: 'idle', pendingFrames: [] };
