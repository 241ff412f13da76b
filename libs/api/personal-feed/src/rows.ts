/** One change, as a function of the database returns it. The feature that owns the kind renders `data`. */
export interface ChangeRow {
  kind: string;
  rev: number;
  data: unknown;
}

/** A row of personal_told_v1: a change that a function wrote into a personal feed, or its refusal. */
export interface PersonalFeedRow {
  user_id: string;
  /** Absent where nothing was written. */
  rev: number | null;
  kind: string;
  data: unknown;
}

/** A row of personal_changes_v3. */
export interface PersonalChangesRow {
  rev: number;
  is_reset: boolean;
  has_more: boolean;
  changes: ChangeRow[];
  /** Public profiles, which auth renders. */
  users: unknown[];
}
