import type { SchemaPart } from '@cloudhop/api/database';
import groupAddRefusalV1 from './sql/group_add_refusal_v1.sql';
import groupChangeRefusalV1 from './sql/group_change_refusal_v1.sql';
import groupChangeV1 from './sql/group_change_v1.sql';
import groupCreateRefusalV1 from './sql/group_create_refusal_v1.sql';
import groupCreateV1 from './sql/group_create_v1.sql';
import groupRefusalV1 from './sql/group_refusal_v1.sql';
import groupSettingsV1 from './sql/group_settings_v1.sql';
import groupSuccessorV1 from './sql/group_successor_v1.sql';
import groupWriteV1 from './sql/group_write_v1.sql';

/** Schema of groups. Their rows are in the tables of conversations. */
export const groupsSchema: SchemaPart = {
  migrations: [],
  sql: [
    groupAddRefusalV1,
    groupChangeRefusalV1,
    groupChangeV1,
    groupCreateRefusalV1,
    groupCreateV1,
    groupRefusalV1,
    groupSettingsV1,
    groupSuccessorV1,
    groupWriteV1,
  ],
};
