import { type Catcher, type Mutant, edit } from './mutant';

const rooms = (name: string) => `libs/api/rooms/src/sql/${name}.sql`;
const db = (file: string, test?: string): Catcher => ({
  kind: 'spec',
  project: 'db',
  file,
  ...(test !== undefined && { test }),
});
const roomsSpec = (test: string) => db('apps/api/src/rooms.db.spec.ts', test);
const searchSpec = db('libs/api/conversations/src/search/search.db.spec.ts');
const unit = (file: string): Catcher => ({ kind: 'spec', project: 'unit', file });
const searching = 'libs/api/conversations/src/search';

/** Rooms, what programs post into them, and search. */
export const roomsMutants: readonly Mutant[] = [
  {
    name: 'private-room-open',
    broken: 'whoever knows the id of a private room walks in',
    edits: [
      ...edit(rooms('entry_refusal_v1'), `when p_invite.id is null then 'not_found'`, `when false then 'not_found'`),
      ...edit('libs/api/rooms/src/rooms.repository.ts', `c.visibility <> 'private' or`, 'true or'),
    ],
    catcher: roomsSpec('is not there for an outsider'),
  },
  {
    name: 'link-never-used-up',
    broken: 'a link lets in more than it says',
    edits: edit(rooms('membership_change_v3'), 'set uses = i.uses + 1', 'set uses = i.uses'),
    catcher: roomsSpec('a link lets in as many'),
  },
  {
    name: 'slow-mode-begins-late',
    broken: 'slow mode does not know who spoke just before it was turned on',
    edits: edit(
      rooms('room_settings_v1'),
      'if v_was.slow_mode_ms = 0 and v_now.slow_mode_ms > 0 then',
      'if false then',
    ),
    catcher: roomsSpec('slow mode counts'),
  },
  {
    name: 'ban-forgets-the-address',
    broken: 'a banned guest comes back as a new guest of the same address',
    edits: edit(
      'libs/api/auth/src/sessions.repository.ts',
      'from u, guest_bans_v1(u.id, $7, $8)',
      'from u, guest_bans_v1(u.id, null, $8), (select $7::text) unused',
    ),
    catcher: db('apps/api/src/address-bans.db.spec.ts'),
  },
  {
    name: 'crowd-is-banned',
    broken: 'a ban holds for everybody behind an address that many share',
    edits: edit(rooms('address_ban_v1'), ') > p_people then', ') > 1000000 + p_people then'),
    catcher: db('apps/api/src/address-bans.db.spec.ts'),
  },
  {
    name: 'network-is-banned',
    broken: 'a ban holds for everybody in a private network',
    edits: edit(
      'libs/api/auth/src/sessions.service.ts',
      'if (!isOwnAddress(address)) return undefined;',
      `if (!isOwnAddress(address) && address === '') return undefined;`,
    ),
    catcher: db('apps/api/src/address-bans.db.spec.ts'),
  },
  {
    name: 'ban-by-address-for-ever',
    broken: 'guests who were banned by their address stay so after its end',
    edits: edit(
      'libs/api/rooms/src/rooms.repository.ts',
      "where u.kind is distinct from 'guest' or not exists (",
      "where false and u.kind is distinct from 'guest' and not exists (",
    ),
    catcher: db('apps/api/src/address-bans.db.spec.ts'),
  },
  {
    name: 'mute-keeps-the-ban',
    broken: 'a mute of somebody banned by their address makes the ban last for ever',
    edits: edit(
      rooms('membership_change_write_v1'),
      "if p_now.state <> 'banned' then",
      "if p_now.state <> 'banned' or p_verb = 'mute' then",
    ),
    catcher: db('apps/api/src/address-bans.db.spec.ts', 'also after they were muted'),
  },
  {
    name: 'former-addresses-without-end',
    broken: 'one who renames a room again and again holds any number of addresses',
    edits: edit(rooms('slug_leave_v1'), 'offset 4 limit 1', 'offset 1000000 limit 1'),
    catcher: db('apps/api/src/former-addresses.db.spec.ts', 'nobody holds more than the last five'),
  },
  {
    name: 'former-address-is-free',
    broken: 'whoever wants takes the address that a room has left',
    edits: edit(
      rooms('slug_is_taken_v1'),
      'where (f.slug = p_slug or f.slug_skeleton = p_skeleton)',
      'where false and (f.slug = p_slug or f.slug_skeleton = p_skeleton)',
    ),
    catcher: db('apps/api/src/former-addresses.db.spec.ts', 'nobody else can take it'),
  },
  {
    name: 'former-address-of-the-private',
    broken: 'a private room keeps the address that it had while it was open',
    edits: edit(
      rooms('slug_is_taken_v1'),
      "where (f.slug = p_slug or f.slug_skeleton = p_skeleton)\n        and c.visibility is distinct from 'private' and",
      'where (f.slug = p_slug or f.slug_skeleton = p_skeleton)\n        and',
    ),
    catcher: db('apps/api/src/former-addresses.db.spec.ts', 'that became private says nothing of it'),
  },
  {
    name: 'archive-still-written',
    broken: 'an archived room takes messages',
    edits: edit(
      rooms('room_refusal_v1'),
      `when p_archived_at is not null then 'archived'`,
      `when false then 'archived'`,
    ),
    catcher: roomsSpec('an archived room'),
  },
  {
    name: 'room-without-owner',
    broken: 'nobody follows an owner who leaves',
    edits: edit(
      rooms('membership_change_v3'),
      `when p_verb = 'leave' and v_was.role = 'owner' then`,
      'when false then',
    ),
    catcher: roomsSpec('an owner who leaves'),
  },
  {
    name: 'key-of-anybody',
    broken: 'two senders with one Idempotency-Key are taken for one',
    edits: edit('libs/api/conversations/src/message-key.ts', '`${userId}\\n${conversationId}', '`${conversationId}'),
    catcher: unit('libs/api/conversations/src/message-key.spec.ts'),
  },
  {
    name: 'token-of-any-scope',
    broken: 'an API token may whatever its account may',
    edits: edit(
      'libs/api/platform/src/rest/route-guard.ts',
      'if (scope === undefined || !scopes.includes(scope))',
      'if (scope === undefined)',
    ),
    catcher: db('apps/api/src/outside-systems.db.spec.ts', 'a token may what it was made for'),
  },
  {
    name: 'search-trusts-the-index',
    broken: 'a search answers what the index says without a look at the message',
    edits: edit(`${searching}/search.service.ts`, 'return isMatch(folded(message.body), query);', 'return true;'),
    catcher: searchSpec,
  },
  {
    name: 'search-reads-for-all',
    broken: 'a search does not ask again who may read',
    edits: [
      ...edit(
        'libs/api/conversations/src/sql/search_live_v1.sql',
        `where case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
    and s.deleted_at`,
        'where s.deleted_at',
      ),
      ...edit(
        `${searching}/search.repository.ts`,
        `or c.id in (select j.conversation_id from memberships j where j.user_id = $1 and j.state = 'joined')`,
        `or c.id in (select j.conversation_id from memberships j where j.user_id = $1)`,
      ),
    ],
    catcher: searchSpec,
  },
  {
    name: 'grams-of-two-only',
    broken: 'a single character is not found',
    edits: edit(
      `${searching}/search-terms.ts`,
      'if (!isQuery || characters.length === 1) for',
      'if (isQuery && characters.length === 1) for',
    ),
    catcher: unit(`${searching}/search-terms.spec.ts`),
  },
  {
    name: 'window-stands-still',
    broken: 'what is shown around a message does not follow what happens to it',
    edits: edit(
      'libs/sdk/src/core/feed.ts',
      'const rows = jumpWindow.rows.map((row) => caughtUpRow(row, changes, userId, feed.passedOver));',
      'const { rows } = jumpWindow;',
    ),
    catcher: { kind: 'spec', project: 'unit', file: 'libs/sdk/src/core/jump-window.spec.ts' },
  },
];
