import type { SchemaPart } from '@cloudhop/api/database';
import { SupersededFunctions1800000006000 } from './migrations/superseded-functions';

/** Migration that drops functions which no supported release calls. */
export const supersededSchema: SchemaPart = { migrations: [SupersededFunctions1800000006000], sql: [] };
