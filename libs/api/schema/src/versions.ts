/**
 * Versions of the schema: the ordinal, and the checksum of its functions and views. Whoever changes one adds a line, with
 * the next ordinal; a line that has landed never changes. A node of a lower ordinal than the database's applies nothing.
 */
export const versions: Readonly<Record<number, string>> = {
  1: '8eef88f918639e5a',
  2: '07aad25b8fa746d6',
};

/** The ordinal of the last release: its code works with this schema. Nodes below it do not start. */
export const oldestOrdinal = 1;

/** The checksum of each migration. A line that has landed never changes, because databases have run it as it was. */
export const migrations: Readonly<Record<string, string>> = {
  Timelines1800000000000: 'f0a1dc98ead60a79',
  SchemaRecords1800000005000: 'b7821955d50e3479',
  AuthBaseline1800000001000: 'd19c8c4afbd3022c',
  ConversationsBaseline1800000002000: 'b83363b6d215370d',
  FriendsBaseline1800000003000: '19d5d04685995112',
  RoomsBaseline1800000004000: '0cd76a2164b444f0',
  SupersededFunctions1800000006000: '13fb254145a20425',
  BoundedTimes1800000013001: '3e750ebf21596bdf',
  UsernameLooks1800000012001: '532d3817f5c364cf',
  TimelineRow1800000016000: '9f07f71dbe0942ec',
  MessageMentions1800000018001: '014396343061fad5',
  FormerSlugs1800000018002: '36f85d34dae7760b',
  AddressBans1800000018003: 'e1d1bd9d51868230',
  DeletedMessages1800000019000: 'f6c19f171de59ee7',
  ReplacedSessions1800000011001: '54fd3c26f510cec4',
};
