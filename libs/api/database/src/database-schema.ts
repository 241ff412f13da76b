import type { SchemaPart } from './schema';
import { SchemaRecords1800000005000 } from './migrations/schema-records';
import { TimelineRow1800000016000 } from './migrations/timeline-row';
import { Timelines1800000000000 } from './migrations/timelines';
import epochV1 from './sql/epoch_v1.sql';
import millisecondsUntilV1 from './sql/milliseconds_until_v1.sql';
import storedTimeV1 from './sql/stored_time_v1.sql';

/** Schema of the platform: the timeline of the database, and the records of the schema itself. */
export const databaseSchema: SchemaPart = {
  migrations: [Timelines1800000000000, SchemaRecords1800000005000, TimelineRow1800000016000],
  sql: [epochV1, millisecondsUntilV1, storedTimeV1],
};
