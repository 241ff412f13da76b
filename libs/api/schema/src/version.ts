/**
 * Version of the schema, and what it was made of. A spec compares it with the files: whoever adds a migration, or changes
 * a function or a view, raises the ordinal by one and writes the new checksums here, in the same commit.
 */
export const version = {
  ordinal: 1,
  /** The ordinal of the last release: its code works with this schema. */
  oldestOrdinal: 1,
  /** Of all functions and views. */
  checksum: '67cdb99397e95b9f',
  /** Of each migration. A line that has landed never changes: databases have run it as it was. */
  migrations: {
    Timelines1800000000000: 'f0a1dc98ead60a79',
    SchemaRecords1800000005000: 'b7821955d50e3479',
    AuthBaseline1800000001000: 'd19c8c4afbd3022c',
    ConversationsBaseline1800000002000: 'b83363b6d215370d',
    FriendsBaseline1800000003000: '19d5d04685995112',
    RoomsBaseline1800000004000: '0cd76a2164b444f0',
    SupersededFunctions1800000006000: '13fb254145a20425',
  } as Readonly<Record<string, string>>,
};
