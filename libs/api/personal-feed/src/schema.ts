import type { SchemaPart } from '@cloudhop/api/database';
import personalBumpV1 from './sql/personal_bump_v1.sql';
import personalChangesV3 from './sql/personal_changes_v3.sql';

/** Schema of personal feeds. The table of their heads is in auth's first migration. */
export const personalFeedSchema: SchemaPart = {
  migrations: [],
  sql: [personalBumpV1, personalChangesV3],
};
