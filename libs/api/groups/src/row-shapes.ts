import type { SettingsVerdict } from '@cloudhop/api/conversations';
import { columnsOf } from '@cloudhop/api/database';

/** Columns by the function that they come from; a spec compares them with the catalogue. */
export const groupsRowShapes = {
  group_settings_v1: columnsOf<SettingsVerdict>()('code', 'rev'),
};
