/** The earliest time that is stored. */
export const minStoredTime = '2000-01-01T00:00:00.000Z';
/** The latest time that is stored; it stands for "for ever". */
export const maxStoredTime = '2199-12-31T23:59:59.999Z';
