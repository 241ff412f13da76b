import type { SchemaPart } from '@cloudhop/api/database';
import { SupersededFunctions1800000006000 } from './migrations/superseded-functions';

/** Removal of what no release in use calls any more. */
export const supersededSchema: SchemaPart = { migrations: [SupersededFunctions1800000006000], sql: [] };
