import { authRowShapes } from '@cloudhop/api/auth';
import { authJsonShapes } from '@cloudhop/api/auth/testing';
import { conversationsRowShapes } from '@cloudhop/api/conversations';
import { conversationsJsonShapes } from '@cloudhop/api/conversations/testing';
import { friendsRowShapes } from '@cloudhop/api/friends/testing';
import { groupsRowShapes } from '@cloudhop/api/groups/testing';
import { personalFeedRowShapes } from '@cloudhop/api/personal-feed';
import { personalFeedJsonShapes } from '@cloudhop/api/personal-feed/testing';
import { limits } from '@cloudhop/api/platform';
import { dataSourceOptions } from '@cloudhop/api/database';
import { testDatabase } from '@cloudhop/api/database/testing';
import '@cloudhop/api/rooms';
import { roomsRowShapes } from '@cloudhop/api/rooms/testing';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';

const database = testDatabase();

/** The columns of a table, view or type, or else those that a function returns. */
async function readColumns(name: string): Promise<{ kind: string; columns: string[] }> {
  const [found] = await database.query<{ kind: string; columns: string[] }>(
    `select c.relkind as kind, array(
       select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     ) as columns
     from pg_class c where c.oid = to_regclass($1)
     union all
     select 'f', array(
       select p.proargnames[i] from generate_subscripts(p.proargmodes, 1) i where p.proargmodes[i] = 't'
     )
     from pg_proc p where p.proname = $1 and p.pronamespace = current_schema()::regnamespace`,
    [name],
  );
  if (!found) throw new Error(`Neither a relation nor a function is called ${name}.`);
  return found;
}

describe('rows', () => {
  const shapes = [
    personalFeedRowShapes,
    authRowShapes,
    conversationsRowShapes,
    friendsRowShapes,
    groupsRowShapes,
    roomsRowShapes,
  ].flatMap((library): [string, readonly string[]][] => Object.entries(library));

  test.each(shapes)('of %s have the columns of the catalogue', async (name, columns) => {
    const found = await readColumns(name);
    // A table may have columns that no caller needs. A view, a type or a function that has some is out of date.
    const known = found.kind === 'r' ? found.columns.filter((column) => columns.includes(column)) : found.columns;
    expect(columns.toSorted()).toEqual(known.toSorted());
  });
});

describe('JSON', () => {
  const [conversation, author, reader, message, reply] = Array.from({ length: 5 }, () => uuidv7());

  /** Calls each function so that it returns at least one object. */
  const calls: Record<
    keyof typeof authJsonShapes | keyof typeof conversationsJsonShapes | keyof typeof personalFeedJsonShapes,
    string
  > = {
    author_json_v1: `select author_json_v1(u) as json from users u where u.id = '${author}'`,
    quote_v1: `select quote_v1('${conversation}', 1) as json`,
    last_message_v1: `select last_message_v1('${conversation}', 2, 100) as json`,
    naming_v2: `select naming_v2('${conversation}', '${reader}', 0, 2, 100) as json`,
    own_reactions_v1: `select own_reactions_v1('${conversation}', '${reader}', array[1]) as json`,
    read_marks_of_v1: `select read_marks_of_v1('${conversation}', '${reader}') as json`,
    message_edits_v1: `select items as json from message_edits_v1('${conversation}', '${message}', '${author}')`,
    search_pending_v2: `select messages as json from search_pending_v2(array['${conversation}']::uuid[], 10)`,
    conversation_changes_v1: `select changes as json from conversation_changes_v1('${conversation}', 0, 10, 10)`,
    personal_changes_v3: `select changes as json from personal_changes_v3('${author}', 0, 10)`,
  };

  beforeAll(async () => {
    await database.query(`
      insert into users (id, kind, tag, feed_rev) values ('${author}', 'guest', '0000aa', 1), ('${reader}', 'guest', '0000bb', 0);
      insert into personal_heads (user_id, rev) values ('${author}', 1);
      insert into conversations (id, kind) values ('${conversation}', 'room');
      insert into conversation_heads (conversation_id, seq, rev) values ('${conversation}', 2, 2);
      insert into memberships (conversation_id, user_id, state)
        values ('${conversation}', '${author}', 'joined'), ('${conversation}', '${reader}', 'joined');
      insert into messages (conversation_id, seq, id, author_id, rev, body, created_at, reply_to, reply_seq) values
        ('${conversation}', 1, '${message}', '${author}', 1, 'first', now(), null, null),
        ('${conversation}', 2, '${reply}', '${author}', 2, '@reader', now(), '${message}', 1);
      insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
        values ('${conversation}', '${message}', 1, '${author}', false, now());
      insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
        values ('${conversation}', 1, '${reader}', '🎉', true, 2);
    `);
  });

  test.each(Object.entries({ ...authJsonShapes, ...conversationsJsonShapes, ...personalFeedJsonShapes }))(
    'of %s has the keys that its readers know',
    async (name, keys) => {
      const [row] = await database.query<{ json: object | object[] }>(calls[name as keyof typeof calls]);
      const objects = [row!.json].flat();
      expect(objects.length).toBeGreaterThan(0);
      for (const object of objects) expect(Object.keys(object).sort()).toEqual(keys.toSorted());
    },
  );
});

describe('entities', () => {
  let source: DataSource;
  beforeAll(async () => {
    source = await new DataSource({
      ...dataSourceOptions(database.url, {
        poolSize: 1,
        lockTimeoutMs: limits.lockTimeoutMs,
        statementTimeoutMs: limits.statementTimeoutMs,
        idleInTransactionTimeoutMs: limits.idleInTransactionTimeoutMs,
        connectTimeoutMs: limits.databaseConnectTimeoutMs,
        answerTimeoutMs: 7_000,
      }),
      entities: getMetadataArgsStorage().tables.map(({ target }) => target),
    }).initialize();
  });
  afterAll(() => source.destroy());

  test('have columns of the names, types and nullability in the catalogue', async () => {
    const known = source.entityMetadatas.flatMap(({ tableName, columns }) =>
      columns.map((column) => {
        const type = source.driver.normalizeType(column) + (column.isArray ? '[]' : '');
        return `${tableName}.${column.databaseName} ${type}${column.isNullable ? '' : ' not null'}`;
      }),
    );
    const rows = await database.query<{ line: string }>(
      `select format('%s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
         || case when a.attnotnull then ' not null' else '' end) as line
       from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relnamespace = current_schema()::regnamespace
       where a.attnum > 0 and not a.attisdropped`,
    );
    const catalogue = new Set(rows.map(({ line }) => line));
    expect(known.filter((line) => !catalogue.has(line))).toEqual([]);
    const tables = new Set(source.entityMetadatas.map(({ tableName }) => tableName));
    expect([...tables].sort()).toEqual([
      'api_tokens',
      'former_names',
      'link_previews',
      'preview_jobs',
      'room_invites',
      'sessions',
      'users',
    ]);
  });
});
