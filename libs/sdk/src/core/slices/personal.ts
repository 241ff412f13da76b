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

/** Draft of a conversation. */
export interface DraftState {
  /** As of the personal feed. */
  readonly body: string;
  /** As typed here, until it comes back by the feed. */
  readonly local?: {
    readonly body: string;
    /** The text that the server stored last, and the personal rev of its change. */
    readonly stored?: { readonly body: string; readonly rev: number };
  };
}

/** Personal state besides memberships. */
export interface Personal {
  readonly friends: ReadonlyMap<string, Friend>;
  readonly blocks: ReadonlyMap<string, Block['level']>;
  readonly drafts: ReadonlyMap<string, DraftState>;
  /** Latest text of each conversation that a former page sent as it ended. A draft of this text is outdated. */
  readonly saidDrafts: ReadonlyMap<string, string>;
  readonly settings: PersonalSettings;
  /** Invitations that wait for the user's answer. */
  readonly invitations: ReadonlyMap<string, Membership>;
}

export const initialPersonal: Personal = {
  friends: new Map(),
  blocks: new Map(),
  drafts: new Map(),
  saidDrafts: new Map(),
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
