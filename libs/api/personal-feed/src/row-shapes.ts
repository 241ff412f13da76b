import { columnsOf } from '@cloudhop/api/database';
import type { ChangeRow, PersonalChangesRow, PersonalFeedRow } from './rows';

/** Columns by the type or function that they come from; a spec compares them with the catalogue. */
export const personalFeedRowShapes = {
  personal_told_v1: columnsOf<PersonalFeedRow>()('user_id', 'rev', 'kind', 'data'),
  personal_changes_v3: columnsOf<PersonalChangesRow>()('rev', 'is_reset', 'has_more', 'changes', 'users'),
};

/** Keys of the JSON objects that functions return, by function; a spec calls each and compares. */
export const personalFeedJsonShapes = {
  personal_changes_v3: columnsOf<ChangeRow>()('kind', 'rev', 'data'),
};
