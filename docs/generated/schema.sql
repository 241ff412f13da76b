-- The database after all migrations, as Postgres describes it. Made by npm run docs.

create sequence message_terms_ord as bigint;

create table address_banned (
  conversation_id uuid not null,
  user_id uuid not null,
  of_user_id uuid not null,
  constraint address_banned_pkey PRIMARY KEY (conversation_id, user_id)
);

create table address_bans (
  conversation_id uuid not null,
  user_id uuid not null,
  address_key text not null,
  until timestamp with time zone not null,
  constraint address_bans_pkey PRIMARY KEY (conversation_id, user_id)
);

create table api_tokens (
  id uuid not null,
  user_id uuid not null,
  token_hash bytea not null,
  label text not null,
  scopes text[] not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_token_hash_key UNIQUE (token_hash),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table blocks (
  user_id uuid not null,
  other_id uuid not null,
  level text not null,
  address_key text,
  at timestamp with time zone not null,
  feed_rev bigint not null,
  constraint blocks_pkey PRIMARY KEY (user_id, other_id),
  constraint blocks_level_check CHECK ((level = ANY (ARRAY['none'::text, 'muted'::text, 'blocked'::text])))
);

create table conversation_heads (
  conversation_id uuid not null,
  seq bigint default 0 not null,
  rev bigint default 0 not null,
  floor_seq bigint default 0 not null,
  floor_rev bigint default 0 not null,
  last_at timestamp with time zone,
  constraint conversation_heads_pkey PRIMARY KEY (conversation_id)
) with (fillfactor=50);

create table conversations (
  id uuid not null,
  kind text not null,
  title text,
  slug text,
  slow_mode_ms integer default 0 not null,
  retention_ms bigint,
  settings_rev bigint default 0 not null,
  member_count integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  direct_low uuid,
  direct_high uuid,
  color text,
  created_by uuid,
  topic text,
  visibility text,
  guest_access text,
  is_announcement boolean default false not null,
  archived_at timestamp with time zone,
  name_key text,
  slug_skeleton text,
  constraint conversations_pkey PRIMARY KEY (id),
  constraint conversations_direct CHECK ((((kind = 'direct'::text) = (direct_low IS NOT NULL)) AND ((kind = 'direct'::text) = (direct_high IS NOT NULL)))),
  constraint conversations_guest_access_check CHECK ((guest_access = ANY (ARRAY['write'::text, 'read'::text, 'none'::text]))),
  constraint conversations_kind_check CHECK ((kind = ANY (ARRAY['lobby'::text, 'room'::text, 'match'::text, 'direct'::text, 'group'::text]))),
  constraint conversations_visibility_check CHECK ((visibility = ANY (ARRAY['public'::text, 'unlisted'::text, 'private'::text])))
);

create table drafts (
  user_id uuid not null,
  conversation_id uuid not null,
  body text not null,
  feed_rev bigint not null,
  constraint drafts_pkey PRIMARY KEY (user_id, conversation_id)
);

create table former_names (
  user_id uuid not null,
  until timestamp with time zone not null,
  name text,
  constraint former_names_pkey PRIMARY KEY (user_id, until)
);

create table former_slugs (
  slug text not null,
  conversation_id uuid not null,
  slug_skeleton text,
  left_at timestamp with time zone not null,
  constraint former_slugs_pkey PRIMARY KEY (slug, conversation_id)
);

create table friendships (
  user_id uuid not null,
  other_id uuid not null,
  state text not null,
  note text,
  at timestamp with time zone not null,
  declined_at timestamp with time zone,
  feed_rev bigint not null,
  constraint friendships_pkey PRIMARY KEY (user_id, other_id),
  constraint friendships_state_check CHECK ((state = ANY (ARRAY['none'::text, 'sent'::text, 'received'::text, 'friend'::text])))
);

create table last_seen (
  user_id uuid not null,
  at timestamp with time zone not null,
  constraint last_seen_pkey PRIMARY KEY (user_id)
) with (fillfactor=50);

create table link_previews (
  url_hash bytea not null,
  preview json,
  fetched_at timestamp with time zone not null,
  constraint link_previews_pkey PRIMARY KEY (url_hash)
);

create table memberships (
  conversation_id uuid not null,
  user_id uuid not null,
  role text default 'member'::text not null,
  state text not null,
  muted_until timestamp with time zone,
  read_seq bigint default 0 not null,
  rev bigint default 0 not null,
  feed_rev bigint default 0 not null,
  cleared_seq bigint default 0 not null,
  archived_seq bigint,
  pinned_at timestamp with time zone,
  has_written boolean default false not null,
  notices text,
  quiet_until timestamp with time zone,
  shown_seq bigint default 0 not null,
  delivered_seq bigint default 0 not null,
  invited_by uuid,
  invitation jsonb,
  joined_at timestamp with time zone,
  constraint memberships_pkey PRIMARY KEY (conversation_id, user_id),
  constraint memberships_notices_check CHECK ((notices = ANY (ARRAY['all'::text, 'mentions'::text, 'none'::text]))),
  constraint memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'moderator'::text, 'member'::text]))),
  constraint memberships_state_check CHECK ((state = ANY (ARRAY['joined'::text, 'left'::text, 'banned'::text, 'invited'::text])))
);

create table mention_backfill (
  only_row boolean default true not null,
  after uuid default '00000000-0000-0000-0000-000000000000'::uuid not null,
  waits_for xid8,
  constraint mention_backfill_pkey PRIMARY KEY (only_row),
  constraint mention_backfill_only_row_check CHECK (only_row)
);

create table message_edits (
  conversation_id uuid not null,
  seq bigint not null,
  rev bigint not null,
  user_id uuid not null,
  body text not null,
  written_at timestamp with time zone not null,
  constraint message_edits_pkey PRIMARY KEY (conversation_id, seq, rev)
);

create table message_keys (
  conversation_id uuid not null,
  id uuid not null,
  seq bigint not null,
  author_id uuid not null,
  is_edit boolean not null,
  created_at timestamp with time zone not null,
  constraint message_keys_pkey PRIMARY KEY (conversation_id, id)
);

create table message_mentions (
  conversation_id uuid not null,
  seq bigint not null,
  author_id uuid not null,
  keys text[],
  constraint message_mentions_pkey PRIMARY KEY (conversation_id, seq)
);

create table message_terms (
  conversation_id uuid not null,
  seq bigint not null,
  ord bigint default nextval('message_terms_ord'::regclass) not null,
  terms integer[] not null,
  constraint message_terms_pkey PRIMARY KEY (conversation_id, seq)
);

create table messages (
  conversation_id uuid not null,
  seq bigint not null,
  id uuid not null,
  author_id uuid not null,
  rev bigint not null,
  body text not null,
  created_at timestamp with time zone not null,
  edited_at timestamp with time zone,
  deleted_at timestamp with time zone,
  pinned_at timestamp with time zone,
  reply_to uuid,
  reply_seq bigint,
  is_forwarded boolean default false not null,
  preview json,
  constraint messages_pkey PRIMARY KEY (conversation_id, seq)
);

create table personal_heads (
  user_id uuid not null,
  rev bigint default 0 not null,
  constraint personal_heads_pkey PRIMARY KEY (user_id)
) with (fillfactor=50);

create table personal_settings (
  user_id uuid not null,
  who_may_message text default 'friends'::text not null,
  accepts_requests boolean default true not null,
  feed_rev bigint not null,
  appears_offline boolean default false not null,
  shows_last_seen boolean default true not null,
  sends_receipts boolean default true not null,
  constraint personal_settings_pkey PRIMARY KEY (user_id),
  constraint personal_settings_who_may_message_check CHECK ((who_may_message = ANY (ARRAY['friends'::text, 'rooms'::text, 'anyone'::text])))
);

create table preview_jobs (
  conversation_id uuid not null,
  seq bigint not null,
  message_id uuid not null,
  author_id uuid not null,
  url text not null,
  said text not null,
  due_at timestamp with time zone default now() not null,
  tries integer default 0 not null,
  constraint preview_jobs_pkey PRIMARY KEY (conversation_id, seq)
);

create table reactions (
  conversation_id uuid not null,
  seq bigint not null,
  user_id uuid not null,
  emoji text not null,
  is_on boolean not null,
  rev bigint not null,
  constraint reactions_pkey PRIMARY KEY (conversation_id, seq, user_id, emoji)
);

create table recovery_codes (
  code_hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone default now() not null,
  constraint recovery_codes_pkey PRIMARY KEY (code_hash),
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table room_activity (
  conversation_id uuid not null,
  at timestamp with time zone not null,
  constraint room_activity_pkey PRIMARY KEY (conversation_id)
) with (fillfactor=70);

create table room_invites (
  id uuid not null,
  conversation_id uuid not null,
  token_hash bytea not null,
  created_by uuid not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  max_uses integer,
  uses integer default 0 not null,
  revoked_at timestamp with time zone,
  constraint room_invites_pkey PRIMARY KEY (id),
  constraint room_invites_token_hash_key UNIQUE (token_hash)
);

create table search_cursors (
  conversation_id uuid not null,
  rev bigint not null,
  constraint search_cursors_pkey PRIMARY KEY (conversation_id)
) with (fillfactor=70);

create table sessions (
  id uuid not null,
  user_id uuid not null,
  label text default ''::text not null,
  presented integer default 0 not null,
  presentations timestamp with time zone[] default '{}'::timestamp with time zone[] not null,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text,
  feed_rev bigint default 0 not null,
  replaced_by uuid,
  replaced_at timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);

create table slow_marks (
  conversation_id uuid not null,
  user_id uuid not null,
  last_at timestamp with time zone not null,
  constraint slow_marks_pkey PRIMARY KEY (conversation_id, user_id)
);

create table timelines (
  only_row boolean default true not null,
  epoch uuid default gen_random_uuid() not null,
  system_identifier text not null,
  timeline text not null,
  database_oid oid,
  written_by xid,
  constraint timelines_pkey PRIMARY KEY (only_row),
  constraint timelines_only_row_check CHECK (only_row)
);

create table username_looks (
  look text not null,
  user_id uuid not null,
  claimed_at timestamp with time zone default now() not null,
  constraint username_looks_pkey PRIMARY KEY (look, user_id)
);

create table users (
  id uuid not null,
  kind text not null,
  display_name text,
  tag text,
  username text,
  profile_rev integer default 1 not null,
  feed_rev bigint default 0 not null,
  created_at timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone default now() not null,
  anonymised_at timestamp with time zone,
  username_key text,
  username_skeleton text,
  password_hash text,
  avatar_color text,
  address_key text,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_kind_check CHECK ((kind = ANY (ARRAY['guest'::text, 'member'::text, 'bot'::text]))),
  constraint users_tag_check CHECK ((tag ~ '^[0-9a-f]{6}$'::text))
);

create type log_verdict_v1 as (
  i integer,
  verdict text,
  code text,
  retry_after_ms integer,
  seq bigint,
  rev bigint,
  at timestamp with time zone,
  message json,
  count integer,
  author json,
  quote json,
  quoted json
);

create type member_told_v1 as (
  code text,
  is_written boolean,
  user_id uuid,
  rev bigint,
  feed_rev bigint,
  membership json
);

create type personal_told_v1 as (
  user_id uuid,
  rev bigint,
  kind text,
  data json
);

CREATE INDEX address_bans_key ON address_bans USING btree (address_key);

CREATE INDEX address_bans_until ON address_bans USING btree (until);

CREATE INDEX api_tokens_user ON api_tokens USING btree (user_id) WHERE (revoked_at IS NULL);

CREATE INDEX blocks_address ON blocks USING btree (user_id, address_key) WHERE (address_key IS NOT NULL);

CREATE INDEX blocks_other ON blocks USING btree (other_id) WHERE (level = 'blocked'::text);

CREATE INDEX blocks_rev ON blocks USING btree (user_id, feed_rev);

CREATE INDEX conversations_by_slug ON conversations USING btree (slug) WHERE (slug IS NOT NULL);

CREATE UNIQUE INDEX conversations_lobby ON conversations USING btree (kind) WHERE (kind = 'lobby'::text);

CREATE INDEX conversations_made ON conversations USING btree (created_by, created_at) WHERE (created_by IS NOT NULL);

CREATE INDEX conversations_name ON conversations USING btree (name_key text_pattern_ops) WHERE ((visibility = 'public'::text) AND (archived_at IS NULL));

CREATE UNIQUE INDEX conversations_pair ON conversations USING btree (direct_low, direct_high) WHERE (direct_low IS NOT NULL);

CREATE UNIQUE INDEX conversations_private_slug ON conversations USING btree (slug) WHERE (visibility = 'private'::text);

CREATE UNIQUE INDEX conversations_slug ON conversations USING btree (slug) WHERE ((visibility IS DISTINCT FROM 'private'::text) AND (slug IS NOT NULL));

CREATE UNIQUE INDEX conversations_slug_skeleton ON conversations USING btree (slug_skeleton) WHERE ((visibility IS DISTINCT FROM 'private'::text) AND (slug_skeleton IS NOT NULL));

CREATE INDEX drafts_rev ON drafts USING btree (user_id, feed_rev);

CREATE INDEX former_slugs_age ON former_slugs USING btree (left_at);

CREATE INDEX former_slugs_skeleton ON former_slugs USING btree (slug_skeleton);

CREATE INDEX friendships_rev ON friendships USING btree (user_id, feed_rev);

CREATE INDEX link_previews_age ON link_previews USING btree (fetched_at);

CREATE INDEX memberships_invited ON memberships USING btree (invited_by) WHERE (state = 'invited'::text);

CREATE INDEX memberships_rev ON memberships USING btree (conversation_id, rev);

CREATE INDEX memberships_user ON memberships USING btree (user_id, conversation_id);

CREATE INDEX message_keys_age ON message_keys USING brin (created_at);

CREATE INDEX message_mentions_unknown ON message_mentions USING btree (conversation_id, seq) WHERE (keys IS NULL);

CREATE UNIQUE INDEX message_terms_by_ord ON message_terms USING btree (ord);

CREATE INDEX message_terms_terms ON message_terms USING gin (terms) WITH (fastupdate='on', gin_pending_list_limit='1024');

CREATE INDEX messages_deleted ON messages USING btree (conversation_id, seq) WHERE (deleted_at IS NOT NULL);

CREATE INDEX messages_pinned ON messages USING btree (conversation_id, pinned_at) WHERE (pinned_at IS NOT NULL);

CREATE INDEX messages_rev ON messages USING btree (conversation_id, rev);

CREATE INDEX preview_jobs_due ON preview_jobs USING btree (due_at);

CREATE INDEX reactions_rev ON reactions USING btree (conversation_id, rev);

CREATE INDEX recovery_codes_user ON recovery_codes USING btree (user_id);

CREATE INDEX room_activity_at ON room_activity USING btree (at DESC, conversation_id DESC);

CREATE INDEX room_invites_conversation ON room_invites USING btree (conversation_id, created_at);

CREATE INDEX sessions_user ON sessions USING btree (user_id);

CREATE INDEX username_looks_user ON username_looks USING btree (user_id);

CREATE INDEX users_address ON users USING btree (address_key) WHERE (address_key IS NOT NULL);

CREATE INDEX users_gone ON users USING btree (anonymised_at) WHERE (anonymised_at IS NOT NULL);

CREATE INDEX users_last_seen_guests ON users USING btree (last_seen_at) WHERE ((kind = 'guest'::text) AND (anonymised_at IS NULL));

CREATE UNIQUE INDEX users_tag ON users USING btree (tag) WHERE (tag IS NOT NULL);

CREATE UNIQUE INDEX users_username ON users USING btree (username) WHERE (username IS NOT NULL);

CREATE UNIQUE INDEX users_username_key ON users USING btree (username_key) WHERE (username_key IS NOT NULL);

CREATE UNIQUE INDEX users_username_skeleton ON users USING btree (username_skeleton) WHERE (username_skeleton IS NOT NULL);

create view conversation_states_v1 as
 SELECT c.id,
    c.kind,
    c.title,
    c.slug,
    c.slow_mode_ms,
    c.retention_ms,
    c.settings_rev,
    h.seq,
    h.rev,
    h.floor_seq,
    h.floor_rev,
    h.last_at,
    c.direct_low,
    c.direct_high,
    c.color,
    c.topic,
    c.visibility,
    c.guest_access,
    c.is_announcement,
    c.archived_at,
    c.member_count
   FROM conversations c
     JOIN conversation_heads h ON h.conversation_id = c.id;

create view message_states_v1 as
 SELECT m.conversation_id,
    m.seq,
    m.id,
    m.author_id,
    GREATEST(m.rev, r.rev) AS rev,
    m.body,
    m.created_at,
    m.edited_at,
    m.deleted_at,
    r.reactions,
    m.pinned_at,
    m.reply_to,
        CASE
            WHEN m.reply_seq IS NOT NULL THEN quote_v1(m.conversation_id, m.reply_seq)
            ELSE NULL::json
        END AS quote,
    m.is_forwarded,
    m.preview,
        CASE
            WHEN m.edited_at IS NOT NULL THEN ( SELECT x.keys
               FROM message_mentions x
              WHERE x.conversation_id = m.conversation_id AND x.seq = m.seq)
            ELSE NULL::text[]
        END AS mention_keys
   FROM messages m
     LEFT JOIN LATERAL ( SELECT max(e.rev) AS rev,
            json_agg(json_build_object('emoji', e.emoji, 'count', e.count)) FILTER (WHERE e.count > 0) AS reactions
           FROM ( SELECT x.emoji,
                    max(x.rev) AS rev,
                    count(*) FILTER (WHERE x.is_on) AS count
                   FROM reactions x
                  WHERE x.conversation_id = m.conversation_id AND x.seq = m.seq
                  GROUP BY x.emoji
                  ORDER BY x.emoji) e) r ON true;

CREATE OR REPLACE FUNCTION address_ban_end_v1(p_conversation uuid, p_user uuid, p_large integer, p_invitations integer, p_rooms integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  if not exists (
    select from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user
  ) then
    return;
  end if;
  return query
    select t.code, t.is_written, t.user_id, t.rev, t.feed_rev, t.membership
    from membership_change_v3(
      p_conversation, null, p_user, 'unban', null, null, p_large, null, p_invitations, p_rooms
    ) t;
  -- Also where the conversation or the guest is gone.
  delete from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user;
end
$function$
;

CREATE OR REPLACE FUNCTION address_ban_v1(p_conversation uuid, p_user uuid, p_ms bigint, p_people integer)
 RETURNS text
 LANGUAGE plpgsql
AS $function$
declare
  v_key text;
begin
  select u.address_key into v_key from users u where u.id = p_user and u.kind = 'guest';
  if not found then
    return null;
  elsif v_key is null then
    return 'unknown';
  elsif (
    select count(*)
    from (
      select from users u
      where u.address_key = v_key and u.last_seen_at > clock_timestamp() - interval '1 hour'
      limit p_people + 1
    ) x
  ) > p_people then
    return 'shared';
  end if;

  insert into address_bans as b (conversation_id, user_id, address_key, until)
  values (p_conversation, p_user, v_key, clock_timestamp() + p_ms * interval '1 millisecond')
  on conflict (conversation_id, user_id) do update
  set address_key = excluded.address_key, until = excluded.until;
  return 'kept';
end
$function$
;

CREATE OR REPLACE FUNCTION auth_changes_v1(p_user uuid, p_rev bigint)
 RETURNS TABLE(kind text, rev bigint, data json, about uuid)
 LANGUAGE sql
 STABLE
AS $function$
  select 'user', u.feed_rev, author_json_v1(u), null::uuid
  from users u
  where u.id = p_user and u.feed_rev > p_rev
  union all
  select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
  from sessions s
  where s.user_id = p_user and s.feed_rev > p_rev
$function$
;

CREATE OR REPLACE FUNCTION author_json_v1(p_user users)
 RETURNS json
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select json_build_object(
    'id', p_user.id,
    'kind', p_user.kind,
    'display_name', p_user.display_name,
    'tag', p_user.tag,
    'username', p_user.username,
    'profile_rev', p_user.profile_rev,
    'avatar_color', p_user.avatar_color
  )
$function$
;

CREATE OR REPLACE FUNCTION block_change_v1(p_user uuid, p_other uuid, p_level text, p_blocks integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_level text;
  v_code text;
  v_ends boolean;
  v_rev bigint;
  v_other_rev bigint;
begin
  perform lock_pair_v1(p_user, p_other);

  v_level := coalesce((select b.level from blocks b where b.user_id = p_user and b.other_id = p_other), 'none');
  v_code := case
    when not user_is_live_v1(p_user) then 'session_ended'
    when p_user = p_other or not exists (select from users u where u.id = p_other) then 'not_found'
    when p_level <> 'none'
      and v_level = 'none'
      and (select count(*) from blocks b where b.user_id = p_user and b.level <> 'none') >= p_blocks
      then 'limit_reached'
  end;
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;
  if v_level = p_level then
    return query select p_user, null::bigint, 'exists', json_build_object('other_id', p_other, 'level', p_level);
    return;
  end if;

  v_ends := p_level = 'blocked' and exists (
    select
    from friendships f
    where f.user_id = p_user and f.other_id = p_other and f.state <> 'none'
  );
  if v_ends then
    select b.rev, b.other_rev into v_rev, v_other_rev
    from personal_bump_pair_v1(p_user, p_other) b;
  else
    v_rev := personal_bump_v1(p_user);
  end if;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from block_write_v1(p_user, p_other, p_level, v_rev) w;

  if v_ends then
    -- This is a second change in the feed of p_user, and every change has a rev of its own.
    return query
      select w.user_id, w.rev, w.kind, w.data
      from friend_write_v1(p_user, p_other, 'none', null, personal_bump_v1(p_user), false) w;
    return query
      select w.user_id, w.rev, w.kind, w.data
      from friend_write_v1(p_other, p_user, 'none', null, v_other_rev, false) w;
  end if;
  if p_level = 'blocked' then
    perform direct_replies_revoke_v1(p_user, p_other);
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION block_write_v1(p_user uuid, p_other uuid, p_level text, p_rev bigint)
 RETURNS personal_told_v1
 LANGUAGE sql
AS $function$
  insert into blocks as b (user_id, other_id, level, address_key, at, feed_rev)
  select
    p_user,
    p_other,
    p_level,
    case when p_level = 'blocked' and u.kind = 'guest' then u.address_key end,
    clock_timestamp(),
    p_rev
  from users u
  where u.id = p_other
  on conflict (user_id, other_id) do update
  set
    level = excluded.level,
    address_key = excluded.address_key,
    at = excluded.at,
    feed_rev = excluded.feed_rev
  returning b.user_id, b.feed_rev, 'block', to_json(b)
$function$
;

CREATE OR REPLACE FUNCTION change_refusal_v1(p_kind text, p_conversation uuid, p_author users, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select write_refusal_v1(p_kind, c, m, p_author, p_now)
  from conversations c
  left join memberships m on m.conversation_id = c.id and m.user_id = p_author.id
  where c.id = p_conversation
$function$
;

CREATE OR REPLACE FUNCTION conversation_changes_v1(p_conversation uuid, p_rev bigint, p_limit integer, p_reset integer)
 RETURNS TABLE(seq bigint, rev bigint, floor_seq bigint, is_private boolean, is_reset boolean, has_more boolean, changes json, users json)
 LANGUAGE plpgsql
 STABLE
AS $function$
#variable_conflict use_column
declare
  v_state conversation_states_v1;
  v_seqs bigint[];
  v_rows integer;
  v_changes json;
  v_users uuid[];
  v_total integer;
begin
  select * into v_state from conversation_states_v1 s where s.id = p_conversation;
  if not found then
    return;
  end if;
  if p_rev = v_state.rev then
    return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, false,
      '[]'::json, '[]'::json;
    return;
  end if;

  select array_agg(distinct x.seq), count(*) into v_seqs, v_rows
  from (
    (
      select m.seq
      from messages m
      where m.conversation_id = p_conversation and m.rev > p_rev and m.seq > v_state.floor_seq
      limit p_reset + 1
    )
    union all
    (
      select r.seq
      from reactions r
      where r.conversation_id = p_conversation and r.rev > p_rev and r.seq > v_state.floor_seq
      limit p_reset + 1
    )
  ) x;
  if p_rev > v_state.rev or v_rows > p_reset then
    return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', true, false,
      '[]'::json, '[]'::json;
    return;
  end if;

  with changed as (
    select case when s.deleted_at is null then 'message' else 'deleted' end as kind, s.rev, to_json(s) as data,
      s.author_id as user_id
    from message_states_v1 s
    where s.conversation_id = p_conversation and s.seq = any (v_seqs)
    union all
    select 'member', m.rev, to_json(m), m.user_id
    from memberships m
    where m.conversation_id = p_conversation and m.rev > p_rev
    union all
    select 'settings', v_state.settings_rev, to_json(v_state), null where v_state.settings_rev > p_rev
    union all
    select 'floor', v_state.floor_rev, to_json(v_state), null where v_state.floor_rev > p_rev
  ), page as (
    select c.kind, c.rev, c.data, c.user_id
    from changed c
    order by c.rev
    fetch first p_limit rows with ties
  )
  select (select count(*) from changed),
    json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev),
    array_agg(distinct p.user_id) || array_agg(distinct (p.data->'quote'->>'authorId')::uuid)
  into v_total, v_changes, v_users
  from page p;
  return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, v_total > p_limit,
    coalesce(v_changes, '[]'), users_json_v1(v_users);
end
$function$
;

CREATE OR REPLACE FUNCTION credentials_renew_v1(p_user uuid, p_kept uuid, p_keeps_tokens boolean)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
begin
  -- Before the personal head, as in session_end_v1.
  perform
  from sessions s
  where s.user_id = p_user and s.ended_at is null
  order by s.id
  for no key update;
  return query
    select e.user_id, e.rev, e.kind, e.data
    from user_sessions_end_v2(p_user, 'revoked', p_kept) e;
  update api_tokens t
  set revoked_at = clock_timestamp()
  where t.user_id = p_user and t.revoked_at is null and not p_keeps_tokens;
end
$function$
;

CREATE OR REPLACE FUNCTION deleted_above_v1(p_conversation uuid, p_seq bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(json_agg(m.seq order by m.seq), '[]')
  from messages m
  where m.conversation_id = p_conversation and m.seq > p_seq and m.deleted_at is not null
$function$
;

CREATE OR REPLACE FUNCTION direct_open_v1(p_user uuid, p_other uuid, p_id uuid)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_id uuid;
  v_code text;
  v_user uuid;
  v_rev bigint;
begin
  perform lock_users_v1(array[p_user, p_other]);
  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;

  select c.id into v_id
  from conversations c
  where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other);
  if found then
    return query select p_user, null::bigint, 'opened', json_build_object('id', v_id, 'is_new', false);
    return;
  end if;
  v_code := case
    when not exists (select from users u where u.id = p_other) then 'not_found'
    else direct_refusal_v1(p_user, p_other)
  end;
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;

  insert into conversations (id, kind, direct_low, direct_high, member_count)
  values (
    p_id, 'direct', least(p_user, p_other), greatest(p_user, p_other), case when p_user = p_other then 1 else 2 end
  );
  insert into conversation_heads (conversation_id)
  values (p_id);
  return query select p_user, null::bigint, 'opened', json_build_object('id', p_id, 'is_new', true);

  for v_user in
    select distinct x.id
    from unnest(array[p_user, p_other]) as x(id)
    order by x.id
  loop
    v_rev := personal_bump_v1(v_user);
    return query
      insert into memberships as m (conversation_id, user_id, state, feed_rev)
      values (p_id, v_user, 'joined', v_rev)
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION direct_refusal_v1(p_user uuid, p_other uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_user = p_other then null
    when not user_is_live_v1(p_other) then 'person_gone'
    when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
    when exists (
      select
      from friendships f
      where f.user_id = p_other and f.other_id = p_user and f.state = 'friend'
    ) then null
    -- Whoever has written here gets an answer, whatever their settings are.
    when exists (
      select
      from memberships m
      join conversations c on c.id = m.conversation_id
      where c.direct_low = least(p_user, p_other)
        and c.direct_high = greatest(p_user, p_other)
        and m.user_id = p_other
        and m.has_written
    ) then null
    else (
      select case coalesce(
        (select s.who_may_message from personal_settings s where s.user_id = p_other),
        'friends'
      )
        when 'anyone' then null
        when 'rooms' then case
          when exists (
            select
            from memberships a
            join memberships b on b.conversation_id = a.conversation_id
            join conversations c on c.id = a.conversation_id
            where a.user_id = p_other
              and a.state = 'joined'
              and b.user_id = p_user
              and b.state = 'joined'
              and c.kind in ('room', 'group')
          ) then null
          else 'not_accepting'
        end
        else 'not_accepting'
      end
    )
  end
$function$
;

CREATE OR REPLACE FUNCTION direct_replies_revoke_v1(p_one uuid, p_two uuid)
 RETURNS void
 LANGUAGE sql
AS $function$
  update memberships m
  set has_written = false
  from conversations c
  where c.direct_low = least(p_one, p_two)
    and c.direct_high = greatest(p_one, p_two)
    and m.conversation_id = c.id
$function$
;

CREATE OR REPLACE FUNCTION drafts_v1(p_drafts json)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_draft record;
  v_rev bigint;
begin
  for v_draft in
    select o.c, o.u, o.body
    from json_to_recordset(p_drafts) as o(c uuid, u uuid, body text)
    order by o.u, o.c
  loop
    -- Serialises this with everything else that the user does, and with their deletion.
    insert into personal_heads (user_id) values (v_draft.u) on conflict do nothing;
    perform from personal_heads h where h.user_id = v_draft.u for no key update;
    if not user_is_live_v1(v_draft.u) or not exists (
      select
      from conversations c
      left join memberships m on m.conversation_id = c.id and m.user_id = v_draft.u
      where c.id = v_draft.c
        and case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
    ) then
      return query select v_draft.u, null::bigint, 'refused', json_build_object('conversation_id', v_draft.c);
    elsif v_draft.body is not distinct from coalesce(
      (select d.body from drafts d where d.user_id = v_draft.u and d.conversation_id = v_draft.c), ''
    ) then
      return query select v_draft.u,
        coalesce((select h.rev from personal_heads h where h.user_id = v_draft.u), 0),
        'exists', json_build_object('conversation_id', v_draft.c);
    else
      v_rev := personal_bump_v1(v_draft.u);
      return query
        insert into drafts as d (user_id, conversation_id, body, feed_rev)
        values (v_draft.u, v_draft.c, v_draft.body, v_rev)
        on conflict (user_id, conversation_id) do update
        set body = excluded.body, feed_rev = excluded.feed_rev
        returning d.user_id, d.feed_rev, 'draft', to_json(d);
    end if;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION entry_refusal_v1(p_conversation conversations, p_was memberships, p_kind text, p_invite room_invites)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_conversation.kind <> 'room' then 'not_found'
    when p_conversation.visibility = 'private' and p_was.state is distinct from 'invited' then case
      when p_invite.id is null then 'not_found'
      when p_invite.revoked_at is not null
        or p_invite.expires_at <= clock_timestamp()
        or p_invite.uses >= p_invite.max_uses then 'invite_ended'
    end
  end
$function$
;

CREATE OR REPLACE FUNCTION epoch_v1()
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare
  v_system text := (select c.system_identifier::text from pg_control_system() c);
  v_timeline text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  v_database oid := (select d.oid from pg_database d where d.datname = current_database());
  v_epoch uuid;
begin
  select t.epoch into v_epoch
  from timelines t
  where t.system_identifier = v_system and t.timeline = v_timeline
    and t.database_oid = v_database and t.written_by = t.xmin;
  if found then
    return v_epoch;
  end if;

  -- Of several connections that come here at once, the first makes the epoch; the condition keeps it for the others.
  insert into timelines as t (system_identifier, timeline, database_oid)
  values (v_system, v_timeline, v_database)
  on conflict (only_row) do update
  set epoch = gen_random_uuid(), system_identifier = v_system, timeline = v_timeline, database_oid = v_database
  where (t.system_identifier, t.timeline, t.database_oid) is distinct from (v_system, v_timeline, v_database)
     or t.written_by is distinct from t.xmin;
  if found then
    -- The row itself knows who wrote it: within a savepoint that is not pg_current_xact_id().
    update timelines t
    set written_by = t.xmin;
  end if;

  select t.epoch into v_epoch
  from timelines t;
  return v_epoch;
end
$function$
;

CREATE OR REPLACE FUNCTION floor_raise_v1(p_conversation uuid, p_floor_seq bigint)
 RETURNS TABLE(rev bigint, floor_seq bigint)
 LANGUAGE sql
AS $function$
  update conversation_heads h
  set rev = h.rev + 1, floor_rev = h.rev + 1, floor_seq = p_floor_seq
  where h.conversation_id = p_conversation and p_floor_seq > h.floor_seq and p_floor_seq <= h.seq
  returning h.rev, h.floor_seq
$function$
;

CREATE OR REPLACE FUNCTION friend_change_v1(p_user uuid, p_other uuid, p_verb text, p_note text, p_open integer, p_friends integer, p_declined_ms bigint)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_mine friendships;
  v_theirs friendships;
  v_state text;
  v_next text;
  v_code text;
  v_rev bigint;
  v_other_rev bigint;
begin
  perform lock_pair_v1(p_user, p_other);

  -- The snapshot of each statement from here on is newer than the locks.
  select * into v_mine
  from friendships f
  where f.user_id = p_user and f.other_id = p_other;
  select * into v_theirs
  from friendships f
  where f.user_id = p_other and f.other_id = p_user;
  v_state := coalesce(v_mine.state, 'none');
  v_next := friend_next_state_v1(p_verb, v_state);
  v_code := friend_refusal_v1(
    p_user, p_other, p_verb, v_state, v_next,
    v_theirs.declined_at > clock_timestamp() - p_declined_ms * interval '1 millisecond', p_open, p_friends
  );
  if v_code is not null then
    return query select p_user, null::bigint, 'refused', to_json(v_code);
    return;
  end if;
  if v_next is null then
    if v_mine.user_id is null then
      v_mine := row(p_user, p_other, 'none', null, clock_timestamp(), null, 0)::friendships;
    end if;
    return query select p_user, null::bigint, 'exists', to_json(v_mine);
    return;
  end if;

  select b.rev, b.other_rev into v_rev, v_other_rev
  from personal_bump_pair_v1(p_user, p_other) b;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from friend_write_v1(
      p_user, p_other, v_next, case when v_next = 'sent' then p_note end, v_rev, p_verb = 'decline'
    ) w;
  return query
    select w.user_id, w.rev, w.kind, w.data
    from friend_write_v1(
      p_other, p_user, case when v_next = 'sent' then 'received' else v_next end,
      case when v_next = 'sent' then p_note end, v_other_rev, false
    ) w;
  if p_verb = 'remove' then
    perform direct_replies_revoke_v1(p_user, p_other);
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION friend_next_state_v1(p_verb text, p_state text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_verb = 'request' and p_state = 'none' then 'sent'
    -- Two requests that cross make a friendship at once.
    when p_verb = 'request' and p_state = 'received' then 'friend'
    when p_verb = 'accept' and p_state = 'received' then 'friend'
    when p_verb = 'decline' and p_state = 'received' then 'none'
    when p_verb = 'withdraw' and p_state = 'sent' then 'none'
    when p_verb = 'remove' and p_state = 'friend' then 'none'
  end
$function$
;

CREATE OR REPLACE FUNCTION friend_refusal_v1(p_user uuid, p_other uuid, p_verb text, p_state text, p_next text, p_has_declined boolean, p_max_requests integer, p_max_friends integer)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when not user_is_live_v1(p_user) then 'session_ended'
    when p_user = p_other then 'not_found'
    when p_verb = 'accept' and p_state in ('none', 'sent') then 'not_found'
    -- A verb that changes nothing or ends something is never refused.
    when p_next is null or p_next = 'none' then null
    when p_verb = 'request'
      and not user_is_live_v1(p_other)
      then 'not_found'
    when p_verb = 'request' and (has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other))
      then 'not_accepting'
    when p_next = 'sent' and exists (select from users u where u.id = p_other and u.kind = 'bot')
      then 'not_accepting'
    when p_next = 'sent'
      and not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_other), true)
      then 'not_accepting'
    when p_next = 'sent' and p_has_declined then 'not_accepting'
    when p_next = 'sent'
      and (select count(*) from friendships f where f.user_id = p_other and f.state = 'received') >= p_max_friends
      then 'not_accepting'
    when p_next = 'sent'
      and (select count(*) from friendships f where f.user_id = p_user and f.state = 'sent') >= p_max_requests
      then 'limit_reached'
    when p_next = 'friend'
      and exists (
        select
        from friendships f
        where f.user_id in (p_user, p_other) and f.state = 'friend'
        group by f.user_id
        having count(*) >= p_max_friends
      )
      then 'limit_reached'
  end
$function$
;

CREATE OR REPLACE FUNCTION friend_write_v1(p_user uuid, p_other uuid, p_state text, p_note text, p_rev bigint, p_declined boolean)
 RETURNS personal_told_v1
 LANGUAGE sql
AS $function$
  insert into friendships as f (user_id, other_id, state, note, at, declined_at, feed_rev)
  values (
    p_user,
    p_other,
    p_state,
    p_note,
    clock_timestamp(),
    case when p_declined then clock_timestamp() end,
    p_rev
  )
  on conflict (user_id, other_id) do update
  set
    state = excluded.state,
    note = excluded.note,
    at = excluded.at,
    declined_at = coalesce(excluded.declined_at, case when excluded.state = 'none' then f.declined_at end),
    feed_rev = excluded.feed_rev
  returning f.user_id, f.feed_rev, 'friend', to_json(f)
$function$
;

CREATE OR REPLACE FUNCTION group_add_refusal_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_was memberships, p_is_friend boolean, p_max_members integer, p_max_invitations integer)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    case
      when p_was.state in ('joined', 'invited') then 'exists'
      when p_was.state = 'banned' then 'not_accepting'
    end,
    group_refusal_v1(p_actor, p_user),
    case
      when (
        select count(*)
        from memberships m
        where m.conversation_id = p_conversation and m.state in ('joined', 'invited')
      ) >= p_max_members then 'limit_reached'
      when not p_is_friend and (
        select count(*)
        from memberships m
        where m.invited_by = p_actor and m.state = 'invited'
      ) >= p_max_invitations then 'limit_reached'
    end
  )
$function$
;

CREATE OR REPLACE FUNCTION group_change_refusal_v1(p_kind text, p_actor memberships, p_was memberships, p_verb text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_kind is distinct from 'group' then 'not_found'
    when p_verb = 'join' then case
      when p_was.state = 'joined' then 'exists'
      when p_was.state is distinct from 'invited' then 'not_found'
    end
    when p_verb = 'leave' then case
      when p_was.state is null then 'not_found'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
    when p_actor.state is distinct from 'joined' then 'not_found'
    when p_verb = 'remove' then case
      when p_was.state is null then 'not_found'
      when p_was.user_id = p_actor.user_id then 'forbidden'
      -- The owner removes anybody else, other members only those whom they have invited and who haven't joined yet.
      when p_actor.role <> 'owner' and not (p_was.state = 'invited' and p_was.invited_by = p_actor.user_id)
        then 'forbidden'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
    when p_verb = 'hand_over' then case
      when p_actor.role <> 'owner' then 'forbidden'
      when p_was.state is distinct from 'joined' then 'not_found'
      when p_was.role = 'owner' then 'exists'
    end
  end
$function$
;

CREATE OR REPLACE FUNCTION group_change_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_most integer, p_invitations integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_kind text;
  v_actor memberships;
  v_was memberships;
  v_is_friend boolean;
  v_code text;
  v_other uuid;
begin
  -- Alone in its statement: the statements below must see what was committed while this one waited.
  perform
  from conversation_heads h
  where h.conversation_id = p_conversation
  for no key update;
  if p_verb = 'add' then
    perform lock_users_v1(array[p_actor, p_user]);
  end if;

  select c.kind into v_kind
  from conversations c
  where c.id = p_conversation;
  select * into v_actor
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor;
  select * into v_was
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_user;
  v_is_friend := is_friend_v1(p_actor, p_user);
  v_code := case
    when p_actor is not null and not user_is_live_v1(p_actor) then 'session_ended'
    else group_change_refusal_v1(v_kind, v_actor, v_was, p_verb)
  end;
  if v_code is null and p_verb = 'add' then
    v_code := group_add_refusal_v1(p_conversation, p_actor, p_user, v_was, v_is_friend, p_most, p_invitations);
  end if;
  if v_code is not null then
    return query select v_code, false, p_user, null::bigint, null::bigint, to_json(v_was);
    return;
  end if;

  v_other := case
    when p_verb = 'hand_over' then p_actor
    when p_verb = 'leave' and v_was.role = 'owner' then group_successor_v1(p_conversation, p_user)
  end;
  return query
    select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
    from group_write_v1(p_conversation, p_actor, p_user, v_other, p_verb, v_is_friend) w;
end
$function$
;

CREATE OR REPLACE FUNCTION group_create_refusal_v1(p_actor uuid, p_id uuid, p_users uuid[], p_max_members integer, p_max_per_day integer, p_max_invitations integer)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_is_own_group boolean;
  v_code text;
  v_invited integer;
begin
  if not user_is_live_v1(p_actor) then
    return 'session_ended';
  end if;
  select c.kind = 'group' and c.created_by = p_actor into v_is_own_group
  from conversations c
  where c.id = p_id;
  if found then
    return case when v_is_own_group then 'exists' else 'id_taken' end;
  end if;

  select x.code into v_code
  from (
    select group_refusal_v1(p_actor, u.id) as code
    from unnest(p_users) as u(id)
    where u.id <> p_actor
  ) x
  where x.code is not null
  limit 1;
  if found then
    return v_code;
  end if;

  select count(*) into v_invited
  from unnest(p_users) as u(id)
  where u.id <> p_actor and not is_friend_v1(p_actor, u.id);
  return case
    when (select count(distinct u.id) from unnest(p_users || p_actor) as u(id)) > p_max_members then 'limit_reached'
    when (
      select count(*)
      from conversations c
      where c.created_by = p_actor and c.created_at > now() - interval '1 day'
    ) >= p_max_per_day then 'limit_reached'
    when v_invited > 0 and v_invited + (
      select count(*)
      from memberships m
      where m.invited_by = p_actor and m.state = 'invited'
    ) > p_max_invitations then 'limit_reached'
  end;
end
$function$
;

CREATE OR REPLACE FUNCTION group_create_v1(p_actor uuid, p_id uuid, p_title text, p_color text, p_users uuid[], p_most integer, p_per_day integer, p_invitations integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_code text;
  v_user uuid;
  v_joins boolean;
begin
  perform lock_users_v1(p_users || p_actor);

  v_code := group_create_refusal_v1(p_actor, p_id, p_users, p_most, p_per_day, p_invitations);
  if v_code is not null then
    return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;

  insert into conversations (id, kind, title, color, created_by)
  values (p_id, 'group', p_title, p_color, p_actor)
  on conflict do nothing;
  -- Somebody else took the id since the look at it, and it was not p_actor, whom this call has locked.
  if not found then
    return query select 'id_taken', false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;
  insert into conversation_heads (conversation_id)
  values (p_id);

  -- An invitation states how many have joined, so those who join are written first. All personal heads are locked in
  -- the order of ids before, because that is not the order of the writes.
  insert into personal_heads (user_id)
  select distinct u.id
  from unnest(p_users || p_actor) as u(id)
  order by u.id
  on conflict do nothing;
  perform
  from personal_heads h
  where h.user_id = any (p_users || p_actor)
  order by h.user_id
  for no key update;

  for v_user, v_joins in
    select x.id, x.joins
    from (
      select distinct u.id, u.id = p_actor or is_friend_v1(p_actor, u.id) as joins
      from unnest(p_users || p_actor) as u(id)
    ) x
    order by x.joins desc, x.id
  loop
    return query
      select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
      from member_write_v1(
        p_id,
        v_user,
        case when v_user = p_actor then 'owner' else 'member' end,
        case when v_joins then 'joined' else 'invited' end,
        case when v_user <> p_actor then p_actor end
      ) w;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION group_refusal_v1(p_actor uuid, p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when not user_is_live_v1(p_user) then 'not_found'
    when has_blocked_v1(p_user, p_actor) or has_blocked_v1(p_actor, p_user) then 'not_accepting'
    when is_friend_v1(p_actor, p_user) then null
    when exists (select from users u where u.id = p_user and u.kind = 'bot') then 'not_accepting'
    when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_user), true)
      then 'not_accepting'
  end
$function$
;

CREATE OR REPLACE FUNCTION group_settings_v1(p_conversation uuid, p_actor uuid, p_title text, p_color text)
 RETURNS TABLE(code text, rev bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_was conversations;
  v_actor memberships;
  v_rev bigint;
begin
  perform
  from conversation_heads h
  where h.conversation_id = p_conversation
  for no key update;

  select * into v_was
  from conversations c
  where c.id = p_conversation;
  select * into v_actor
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor;

  if not user_is_live_v1(p_actor) then
    return query select 'session_ended', null::bigint;
  elsif v_was.kind is distinct from 'group' or v_actor.state is distinct from 'joined' then
    return query select 'not_found', null::bigint;
  elsif v_actor.role <> 'owner' then
    return query select 'forbidden', null::bigint;
  elsif coalesce(p_title, v_was.title) is distinct from v_was.title
    or coalesce(p_color, v_was.color) is distinct from v_was.color
  then
    update conversation_heads h
    set rev = h.rev + 1
    where h.conversation_id = p_conversation
    returning h.rev into v_rev;
    update conversations c
    set title = coalesce(p_title, c.title), color = coalesce(p_color, c.color), settings_rev = v_rev
    where c.id = p_conversation;
    return query select null, v_rev;
  else
    return query select null, null::bigint;
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION group_successor_v1(p_conversation uuid, p_owner uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select m.user_id
  from memberships m
  where m.conversation_id = p_conversation and m.state = 'joined' and m.user_id <> p_owner
  order by m.joined_at, m.user_id
  limit 1
$function$
;

CREATE OR REPLACE FUNCTION group_write_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_other uuid, p_verb text, p_is_friend boolean)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_user uuid;
begin
  for v_user in
    select x.id
    from unnest(array[p_user, p_other]) as x(id)
    where x.id is not null
    order by x.id
  loop
    return query
      select w.code, w.is_written, w.user_id, w.rev, w.feed_rev, w.membership
      from member_write_v1(
        p_conversation,
        v_user,
        case
          when p_verb = 'hand_over' and v_user = p_user then 'owner'
          when p_verb = 'leave' and v_user = p_other then 'owner'
          else 'member'
        end,
        case
          when v_user = p_other or p_verb in ('join', 'hand_over') then 'joined'
          when p_verb = 'add' and p_is_friend then 'joined'
          when p_verb = 'add' then 'invited'
          else 'left'
        end,
        case when p_verb = 'add' then p_actor end
      ) w;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION guest_bans_v1(p_user uuid, p_address text, p_most integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_count integer;
begin
  with bans as (
    select b.conversation_id, (array_agg(b.user_id order by b.until desc))[1] as of_user_id
    from address_bans b
    where b.address_key = p_address and b.until > clock_timestamp()
    group by b.conversation_id
    order by max(b.until) desc
    limit p_most
  ), banned as (
    insert into memberships (conversation_id, user_id, state)
    select b.conversation_id, p_user, 'banned' from bans b
  )
  insert into address_banned (conversation_id, user_id, of_user_id)
  select b.conversation_id, p_user, b.of_user_id from bans b;
  get diagnostics v_count = row_count;
  return v_count;
end
$function$
;

CREATE OR REPLACE FUNCTION guest_forget_v1(p_unseen_ms bigint)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_user uuid;
begin
  select u.id into v_user
  from users u
  where u.kind = 'guest'
    and u.anonymised_at is null
    and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
    and not exists (
      select
      from sessions s
      where s.user_id = u.id and s.ended_at is null and s.expires_at > now()
    )
  order by u.last_seen_at
  limit 1
  for no key update of u skip locked;

  return query
    select f.user_id, f.rev, f.kind, f.data
    from user_forget_v1(v_user, 'expired') f;
end
$function$
;

CREATE OR REPLACE FUNCTION guest_forget_v2(p_user uuid, p_unseen_ms bigint)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_user uuid;
begin
  select u.id into v_user
  from users u
  where u.id = p_user and guest_is_unseen_v1(u, p_unseen_ms)
  for no key update of u skip locked;

  return query
    select f.user_id, f.rev, f.kind, f.data
    from user_forget_v1(v_user, 'expired') f;
end
$function$
;

CREATE OR REPLACE FUNCTION guest_is_unseen_v1(p_user users, p_unseen_ms bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select p_user.kind = 'guest'
    and p_user.anonymised_at is null
    and p_user.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
    and not exists (
      select
      from sessions s
      where s.user_id = p_user.id and s.ended_at is null and s.expires_at > now()
    )
$function$
;

CREATE OR REPLACE FUNCTION has_blocked_v1(p_user uuid, p_other uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select
    from blocks b
    where b.user_id = p_user and b.other_id = p_other and b.level = 'blocked'
  ) or exists (
    select
    from users u
    join blocks b on b.user_id = p_user and b.address_key = u.address_key
    where u.id = p_other
      and u.kind = 'guest'
      and u.address_key is not null
      and b.level = 'blocked'
      and u.created_at > b.at
      and b.at > now() - interval '1 day'
  )
$function$
;

CREATE OR REPLACE FUNCTION invite_create_v1(p_conversation uuid, p_actor uuid, p_id uuid, p_hash bytea, p_max_uses integer, p_expires_ms bigint, p_most integer)
 RETURNS TABLE(code text, invite json)
 LANGUAGE plpgsql
AS $function$
declare
  v_code text;
  v_invite room_invites;
begin
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;

  v_code := coalesce(
    invite_refusal_v1(p_conversation, p_actor),
    case
      when (select c.archived_at from conversations c where c.id = p_conversation) is not null then 'archived'
      when (
        select count(*)
        from room_invites i
        where i.conversation_id = p_conversation and invite_is_open_v1(i)
      ) >= p_most then 'limit_reached'
    end
  );
  if v_code is null then
    insert into room_invites as i (id, conversation_id, token_hash, created_by, created_at, expires_at, max_uses)
    values (
      p_id, p_conversation, p_hash, p_actor, date_trunc('milliseconds', clock_timestamp()),
      clock_timestamp() + p_expires_ms * interval '1 millisecond', p_max_uses
    )
    returning i.* into v_invite;
  end if;
  return query select v_code, to_json(v_invite);
end
$function$
;

CREATE OR REPLACE FUNCTION invite_is_open_v1(p_invite room_invites)
 RETURNS boolean
 LANGUAGE sql
AS $function$
  select p_invite.revoked_at is null
    and coalesce(p_invite.expires_at > clock_timestamp(), true)
    and coalesce(p_invite.uses < p_invite.max_uses, true)
$function$
;

CREATE OR REPLACE FUNCTION invite_refusal_v1(p_conversation uuid, p_actor uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    coalesce(
      (
        select m.role
        from memberships m
        join conversations c on c.id = m.conversation_id
        where m.conversation_id = p_conversation and m.user_id = p_actor
          and m.state = 'joined' and c.kind = 'room'
      ),
      'nobody'
    )
    when 'nobody' then 'not_found'
    when 'member' then 'forbidden'
  end
$function$
;

CREATE OR REPLACE FUNCTION invite_revoke_v1(p_conversation uuid, p_actor uuid, p_id uuid)
 RETURNS TABLE(code text, invite json)
 LANGUAGE plpgsql
AS $function$
declare
  v_code text;
  v_invite room_invites;
begin
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;

  v_code := invite_refusal_v1(p_conversation, p_actor);
  if v_code is null then
    update room_invites i
    set revoked_at = coalesce(i.revoked_at, clock_timestamp())
    where i.conversation_id = p_conversation and i.id = p_id
    returning i.* into v_invite;
    v_code := case when v_invite.id is null then 'not_found' end;
  end if;
  return query select v_code, to_json(v_invite);
end
$function$
;

CREATE OR REPLACE FUNCTION is_friend_v1(p_user uuid, p_other uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select
    from friendships f
    where f.user_id = p_user and f.other_id = p_other and f.state = 'friend'
  )
$function$
;

CREATE OR REPLACE FUNCTION join_refusal_v1(p_conversation conversations, p_was memberships, p_user uuid, p_user_kind text, p_invite room_invites, p_rooms integer)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    entry_refusal_v1(p_conversation, p_was, p_user_kind, p_invite),
    case
      when p_conversation.archived_at is not null then 'archived'
      when p_conversation.guest_access = 'none' and p_user_kind = 'guest' then 'members_only'
      when (
        select count(*)
        from memberships m
        join conversations c on c.id = m.conversation_id
        where m.user_id = p_user and m.state = 'joined' and c.kind = 'room'
      ) >= p_rooms then 'limit_reached'
    end
  )
$function$
;

CREATE OR REPLACE FUNCTION last_message_v1(p_conversation uuid, p_seq bigint, p_characters integer)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'seq', m.seq, 'author_id', m.author_id, 'body', left(m.body, p_characters), 'created_at', m.created_at,
    'is_deleted', m.deleted_at is not null
  )
  from messages m
  where m.conversation_id = p_conversation and m.seq = p_seq
$function$
;

CREATE OR REPLACE FUNCTION lock_pair_v1(p_one uuid, p_two uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform
  from conversation_heads h
  where h.conversation_id = (
    select c.id
    from conversations c
    where c.direct_low = least(p_one, p_two) and c.direct_high = greatest(p_one, p_two)
  )
  for no key update;

  perform lock_users_v1(array[p_one, p_two]);
end
$function$
;

CREATE OR REPLACE FUNCTION lock_users_v1(p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  perform
  from users u
  where u.id = any (p_ids)
  order by u.id
  for no key update;
end
$function$
;

CREATE OR REPLACE FUNCTION log_append_v1(p_sends json, p_locked uuid[])
 RETURNS SETOF log_verdict_v1
 LANGUAGE plpgsql
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
begin
  return query
  with judged as materialized (
    select
      s.i, s.conversation_id, s.user_id, s.id, s.body, s.reply_to, s.is_forwarded,
      s.head_seq, s.head_rev, s.last_at, s.slow_mode_ms, s.is_slowed, s.slow_at,
      s.muted_until, s.is_first, s.key_seq, s.reply_seq, s.author, s.outcome, s.mentions
    from log_sends_v2(p_sends, p_locked, v_now) s
  ), paced as materialized (
    -- Slow mode counts the earlier sends of this batch too.
    select j.*, case
        when j.outcome is null and j.is_slowed
          and row_number() over (partition by j.conversation_id, j.user_id, j.outcome order by j.i) > 1 then 'slow_mode'
        else j.outcome
      end as code
    from judged j
  ), numbered as materialized (
    -- Numbered in place rather than joined later: joins are nested loops here.
    select p.*, p.code is null as is_new,
      row_number() over (partition by p.conversation_id, p.code is null order by p.i) as n
    from paced p
  ), accepted as (
    select q.*, q.head_seq + q.n as seq, q.head_rev + q.n as rev, greatest(v_now, q.last_at) as at,
      -- The message that is replied to may stand in this batch.
      case when q.reply_to is not null then coalesce(q.reply_seq, (
        select e.head_seq + e.n from numbered e
        where e.is_new and e.conversation_id = q.conversation_id and e.id = q.reply_to
      )) end as reply_to_seq
    from numbered q
    where q.is_new
  ), keys as (
    insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
    select a.conversation_id, a.id, a.seq, a.user_id, false, a.at from accepted a
  ), rows as (
    insert into messages (
      conversation_id, seq, id, author_id, rev, body, created_at, reply_to, reply_seq, is_forwarded
    )
    select a.conversation_id, a.seq, a.id, a.user_id, a.rev, a.body, a.at, a.reply_to, a.reply_to_seq, a.is_forwarded
    from accepted a
  ), mentions as (
    -- Few messages have an at sign. One of a node that computed no keys is left to MentionBackfill.
    insert into message_mentions (conversation_id, seq, author_id, keys)
    select a.conversation_id, a.seq, a.user_id, string_to_array(a.mentions, ' ')
    from accepted a
    where case when a.mentions is null then a.body ~ '[@＠]' else a.mentions <> '' end
  ), heads as (
    update conversation_heads h
    set seq = a.seq, rev = a.rev, last_at = a.at
    from (select distinct on (x.conversation_id) x.* from accepted x order by x.conversation_id, x.n desc) a
    where h.conversation_id = a.conversation_id
  ), written as (
    -- Whoever writes to somebody accepts the answer.
    update memberships m
    set has_written = true
    from accepted a
    where a.is_first and m.conversation_id = a.conversation_id and m.user_id = a.user_id
  ), marks as (
    insert into slow_marks (conversation_id, user_id, last_at)
    select a.conversation_id, a.user_id, a.at from accepted a where a.is_slowed
    on conflict (conversation_id, user_id) do update set last_at = excluded.last_at
  )
  select
    q.i,
    case when q.is_new then 'stored' when q.code in ('exists', 'expired', 'again') then q.code else 'refused' end,
    q.code,
    case q.code
      when 'muted' then milliseconds_until_v1(q.muted_until, v_now)
      when 'slow_mode' then
        milliseconds_until_v1(coalesce(q.slow_at, v_now) + q.slow_mode_ms * interval '1 millisecond', v_now)
    end,
    case when q.is_new then q.head_seq + q.n else q.key_seq end,
    case when q.is_new then q.head_rev + q.n end,
    case when q.is_new then greatest(v_now, q.last_at) end,
    case when q.code = 'exists' then message_json_v1(q.conversation_id, q.key_seq) end,
    null::integer,
    q.author,
    case when q.is_new and q.reply_seq is not null then quote_v1(q.conversation_id, q.reply_seq) end,
    case when q.is_new and q.reply_seq is not null then (
      select author_json_v1(u) from messages t
      join users u on u.id = t.author_id
      where t.conversation_id = q.conversation_id and t.seq = q.reply_seq
    ) end
  from numbered q;
end
$function$
;

CREATE OR REPLACE FUNCTION log_change_v3(p_i integer, p_kind text, p_conversation uuid, p_user uuid, p_id uuid, p_body text, p_edit_id uuid, p_emoji text, p_on boolean, p_preview json, p_most integer, p_mentions text)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
  v log_verdict_v1;
  v_seq bigint;
  v_message messages;
  v_author users;
begin
  -- One lookup by primary key after another: a join gets a bad plan while statistics are old.
  select k.seq into v_seq
  from message_keys k
  where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit;
  select * into v_message
  from messages m
  where m.conversation_id = p_conversation and m.seq = v_seq and m.seq > (
    select h.floor_seq from conversation_heads h where h.conversation_id = p_conversation
  );
  select * into v_author from users u where u.id = p_user and u.anonymised_at is null;
  v.i := p_i;
  v.verdict := 'refused';
  v.seq := v_message.seq;
  v.author := author_json_v1(v_author);

  if p_kind = 'preview' then
    return log_preview_v1(v, p_conversation, v_message, p_body, p_preview, v_now);
  end if;

  if v_author.id is null then
    v.code := 'session_ended';
  elsif v_message.seq is null then
    v.code := 'not_found';
  else
    case p_kind
      when 'edit' then v := log_edit_v2(v, v_message, v_author, p_body, p_edit_id, p_most, v_now, p_mentions);
      when 'delete' then v := log_delete_v1(v, v_message, v_author, v_now);
      when 'react' then v := log_react_v1(v, v_message, v_author, p_emoji, p_on, p_most, v_now);
      when 'pin' then v := log_pin_v1(v, v_message, v_author, p_on, p_most, v_now);
    end case;
  end if;

  if v.code = 'slow_mode' then
    v.retry_after_ms := milliseconds_until_v1(slow_until_v1(p_conversation, p_user), v_now);
  elsif v.code = 'muted' then
    select milliseconds_until_v1(m.muted_until, v_now) into v.retry_after_ms
    from memberships m
    where m.conversation_id = p_conversation and m.user_id = p_user;
  elsif v.code is null then
    v.message := message_json_v1(p_conversation, v.seq);
  end if;
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_commit_v1(p_conversations uuid[], p_sends json, p_changes json, p_wait boolean, p_reaction_kinds integer)
 RETURNS SETOF log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_locked uuid[];
  v_op record;
begin
  if p_wait then
    select array_agg(l.conversation_id) into v_locked from (
      select h.conversation_id from conversation_heads h
      where h.conversation_id = any (p_conversations)
      order by h.conversation_id
      for no key update
    ) l;
  else
    select array_agg(l.conversation_id) into v_locked from (
      select h.conversation_id from conversation_heads h
      where h.conversation_id = any (p_conversations)
      order by h.conversation_id
      for no key update skip locked
    ) l;
  end if;

  -- Every statement from here on has a snapshot newer than the locks.
  if p_sends is not null then
    return query
      select
        v.i, v.verdict, v.code, v.retry_after_ms, v.seq, v.rev, v.at, v.message, v.count, v.author, v.quote, v.quoted
      from log_append_v1(p_sends, coalesce(v_locked, '{}')) v;
  end if;

  if p_changes is not null then
    for v_op in
      select o.i, o.k, o.c, o.u, o.id, o.body, o.e, o.emoji, o."on", o.preview, o.most, o.m
      from json_to_recordset(p_changes) as o(
        i integer,
        k text,         -- edit | delete | react | pin | preview
        c uuid,         -- conversation
        u uuid,         -- user
        id uuid,        -- message
        body text,
        e uuid,         -- editId
        emoji text,
        "on" boolean,
        preview json,
        most integer,   -- limit of pins, or of former texts that are kept
        m text          -- mention keys of an edit, as in log_sends_v2
      )
      where o.c = any (v_locked)
      order by o.i
    loop
      return next log_change_v3(
        v_op.i, v_op.k, v_op.c, v_op.u, v_op.id, v_op.body, v_op.e, v_op.emoji, v_op."on", v_op.preview,
        coalesce(v_op.most, case v_op.k when 'edit' then 50 else p_reaction_kinds end), v_op.m
      );
    end loop;
  end if;

  if coalesce(cardinality(v_locked), 0) < cardinality(p_conversations) then
    return query
      select
        o.i,
        case when h.conversation_id is null then 'refused' else 'again' end,
        case when h.conversation_id is null then 'not_found' end,
        null::integer, null::bigint, null::bigint, null::timestamptz, null::json, null::integer, null::json, null::json,
        null::json
      from (
        select s.i, s.c from json_to_recordset(p_sends) as s(i integer, c uuid)
        union all
        select s.i, s.c from json_to_recordset(p_changes) as s(i integer, c uuid)
      ) o
      left join conversation_heads h on h.conversation_id = o.c
      where not o.c = any (coalesce(v_locked, '{}'));
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION log_delete_v1(p_verdict log_verdict_v1, p_message messages, p_author users, p_now timestamp with time zone)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_is_own constant boolean := p_message.author_id = p_author.id;
begin
  if v_is_own and p_message.deleted_at is not null then
    v.verdict := 'exists';
    return v;
  end if;

  v.code := coalesce(
    change_refusal_v1('delete', v_conversation, p_author, p_now),
    case
      when not v_is_own and role_v1(v_conversation, p_author.id) = 'member' then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
    end
  );
  if v.code is not null then
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  delete from reactions x where x.conversation_id = v_conversation and x.seq = v_seq;
  delete from message_edits e where e.conversation_id = v_conversation and e.seq = v_seq;
  delete from preview_jobs j where j.conversation_id = v_conversation and j.seq = v_seq;
  update messages m
  set body = '', edited_at = null, deleted_at = v.at, pinned_at = null, reply_to = null, reply_seq = null,
    is_forwarded = false, preview = null, rev = v.rev
  where m.conversation_id = v_conversation and m.seq = v_seq;
  -- After the message, whose lock MentionBackfill takes first too.
  delete from message_mentions x where x.conversation_id = v_conversation and x.seq = v_seq;
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_edit_v2(p_verdict log_verdict_v1, p_message messages, p_author users, p_body text, p_edit_id uuid, p_max integer, p_now timestamp with time zone, p_mentions text)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_key message_keys;
  v_is_slowed boolean;
begin
  -- Reading first, because a repeat gets the message as it stands; then the key, because a repeat of somebody who was
  -- muted since is no new edit.
  v.code := read_refusal_v1(v_conversation, p_author.id);
  if v.code is not null then
    return v;
  end if;
  select * into v_key from message_keys k where k.conversation_id = v_conversation and k.id = p_edit_id;
  if found then
    if not v_key.is_edit or v_key.author_id <> p_author.id or v_key.seq <> v_seq then
      v.code := 'id_taken';
    else
      v.verdict := 'exists';
    end if;
    return v;
  end if;

  v_is_slowed := role_v1(v_conversation, p_author.id) = 'member'
    and (select c.slow_mode_ms from conversations c where c.id = v_conversation) > 0;
  v.code := coalesce(
    change_refusal_v1('edit', v_conversation, p_author, p_now),
    case
      when p_message.author_id <> p_author.id then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
      when v_is_slowed and slow_until_v1(v_conversation, p_author.id) > p_now then 'slow_mode'
    end
  );
  if v.code is not null then
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
  values (v_conversation, p_edit_id, v_seq, p_author.id, true, v.at);
  insert into message_edits (conversation_id, seq, rev, user_id, body, written_at)
  values (
    v_conversation, v_seq, v.rev, p_message.author_id, p_message.body,
    coalesce(p_message.edited_at, p_message.created_at)
  );
  delete from message_edits e
  where e.conversation_id = v_conversation and e.seq = v_seq and e.rev <= (
    select x.rev from message_edits x
    where x.conversation_id = v_conversation and x.seq = v_seq
    order by x.rev desc
    offset p_max limit 1
  );
  if v_is_slowed then
    insert into slow_marks (conversation_id, user_id, last_at)
    values (v_conversation, p_author.id, v.at)
    on conflict (conversation_id, user_id) do update set last_at = excluded.last_at;
  end if;
  update messages m
  set body = p_body, edited_at = v.at, rev = v.rev, preview = null
  where m.conversation_id = v_conversation and m.seq = v_seq;
  -- After the message, whose lock MentionBackfill takes first too.
  perform mentions_edit_v1(v_conversation, v_seq, p_author.id, p_body, p_mentions);
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_erase_v1(p_conversation uuid, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  v_top bigint;
  v_count integer;
begin
  select max(x.seq) into v_top
  from (
    select m.seq
    from messages m
    join conversation_heads h on h.conversation_id = m.conversation_id
    where m.conversation_id = p_conversation and m.seq <= h.floor_seq
    order by m.seq
    limit p_limit
  ) x;

  delete from reactions r where r.conversation_id = p_conversation and r.seq <= v_top;
  delete from message_terms t where t.conversation_id = p_conversation and t.seq <= v_top;
  delete from message_edits e where e.conversation_id = p_conversation and e.seq <= v_top;
  delete from messages m where m.conversation_id = p_conversation and m.seq <= v_top;
  get diagnostics v_count = row_count;
  -- After the messages, whose locks MentionBackfill takes first too.
  delete from message_mentions x where x.conversation_id = p_conversation and x.seq <= v_top;
  return v_count;
end
$function$
;

CREATE OR REPLACE FUNCTION log_pin_v1(p_verdict log_verdict_v1, p_message messages, p_author users, p_on boolean, p_max integer, p_now timestamp with time zone)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_is_pinned constant boolean := p_message.pinned_at is not null;
begin
  v.code := coalesce(
    change_refusal_v1('pin', v_conversation, p_author, p_now),
    case
      when role_v1(v_conversation, p_author.id) = 'member' and exists (
        select from conversations c where c.id = v_conversation and c.kind in ('room', 'lobby')
      ) then 'forbidden'
      when p_message.deleted_at is not null then 'not_found'
      when p_on and not v_is_pinned and (
        select count(*) from messages m
        join conversation_heads h on h.conversation_id = m.conversation_id
        where m.conversation_id = v_conversation and m.pinned_at is not null and m.seq > h.floor_seq
      ) >= p_max then 'limit_reached'
    end
  );
  if v.code is not null then
    return v;
  end if;
  if v_is_pinned = p_on then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  update messages m
  set pinned_at = case when p_on then v.at end, rev = v.rev
  where m.conversation_id = v_conversation and m.seq = p_message.seq;
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_preview_v1(p_verdict log_verdict_v1, p_conversation uuid, p_message messages, p_hash text, p_preview json, p_now timestamp with time zone)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v log_verdict_v1 := p_verdict;
  v_is_open boolean;
begin
  select c.kind <> 'match' and c.archived_at is null into v_is_open from conversations c where c.id = p_conversation;
  if v_is_open is not true
    or p_message.seq is null
    or p_message.deleted_at is not null
    or p_message.preview is not null
    or encode(sha256(convert_to(p_message.body, 'UTF8')), 'hex') <> p_hash
  then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(p_conversation);
  v.at := greatest(p_now, p_message.created_at);
  update messages m
  set preview = p_preview, rev = v.rev
  where m.conversation_id = p_conversation and m.seq = p_message.seq;
  v.message := message_json_v1(p_conversation, p_message.seq);
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_react_v1(p_verdict log_verdict_v1, p_message messages, p_author users, p_emoji text, p_on boolean, p_max integer, p_now timestamp with time zone)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
declare
  v log_verdict_v1 := p_verdict;
  v_conversation constant uuid := p_message.conversation_id;
  v_seq constant bigint := p_message.seq;
  v_was_on boolean;
begin
  v.code := coalesce(
    change_refusal_v1('react', v_conversation, p_author, p_now),
    case
      when p_message.deleted_at is not null then 'not_found'
      when p_on and (
        select count(distinct x.emoji) from reactions x
        where x.conversation_id = v_conversation and x.seq = v_seq and x.is_on and x.emoji <> p_emoji
      ) >= p_max then 'too_many_reactions'
    end
  );
  if v.code is not null then
    return v;
  end if;

  select x.is_on into v_was_on
  from reactions x
  where x.conversation_id = v_conversation and x.seq = v_seq and x.user_id = p_author.id and x.emoji = p_emoji;
  if coalesce(v_was_on, false) = p_on then
    v.verdict := 'exists';
    return v;
  end if;

  v.verdict := 'stored';
  v.rev := next_rev_v1(v_conversation);
  v.at := greatest(p_now, p_message.created_at);
  insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
  values (v_conversation, v_seq, p_author.id, p_emoji, p_on, v.rev)
  on conflict (conversation_id, seq, user_id, emoji) do update set is_on = p_on, rev = excluded.rev;
  select count(*) into v.count
  from reactions x
  where x.conversation_id = v_conversation and x.seq = v_seq and x.emoji = p_emoji and x.is_on;
  return v;
end
$function$
;

CREATE OR REPLACE FUNCTION log_sends_v2(p_sends json, p_locked uuid[], p_now timestamp with time zone)
 RETURNS TABLE(i integer, conversation_id uuid, user_id uuid, id uuid, body text, reply_to uuid, is_forwarded boolean, head_seq bigint, head_rev bigint, last_at timestamp with time zone, slow_mode_ms integer, is_slowed boolean, slow_at timestamp with time zone, muted_until timestamp with time zone, is_first boolean, key_seq bigint, reply_seq bigint, author json, outcome text, mentions text)
 LANGUAGE sql
 STABLE
AS $function$
  with op as materialized (
    select
      o.i, o.c as conversation_id, o.u as user_id, o.id, o.body, o.r as reply_to, coalesce(o.f, false) as is_forwarded,
      o.m as mentions,
      row_number() over (partition by o.c, o.id order by o.i) as repeat
    from json_to_recordset(p_sends) as o(
      i integer,
      c uuid,       -- conversation
      u uuid,       -- user
      id uuid,      -- message
      body text,
      r uuid,       -- replyTo
      f boolean,    -- isForwarded
      m text        -- mention keys, between spaces; null from a node of the release before, which computes none
    )
    where o.c = any (p_locked)
  )
  select
    op.i, op.conversation_id, op.user_id, op.id, op.body, op.reply_to, op.is_forwarded,
    h.seq, h.rev, h.last_at, c.slow_mode_ms, c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member', slow.last_at,
    m.muted_until, c.kind = 'direct' and not m.has_written, key.seq, answered.seq, author_json_v1(author),
    case
      when op.repeat > 1 then 'again'
      when key.id is not null and (key.author_id <> op.user_id or key.is_edit) then 'id_taken'
      -- Whoever may not read any more learns where the message stands, not how it stands now.
      when key.id is not null and key.seq > h.floor_seq
        and refusal_v1(c.kind, m.state, null, false, p_now) is null then 'exists'
      when key.id is not null then 'expired'
      when author.id is null then 'session_ended'
      else coalesce(
        write_refusal_v1('send', c, m, author, p_now),
        case when c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member'
          and slow.last_at + c.slow_mode_ms * interval '1 millisecond' > p_now then 'slow_mode' end,
        -- A deleted message can be replied to. An id that was never sent here cannot, unless it stands earlier in
        -- this batch.
        case when op.reply_to is not null and answered.id is null and not exists (
          select from op e where e.conversation_id = op.conversation_id and e.id = op.reply_to and e.i < op.i
        ) then 'reply_unknown' end
      )
    end,
    op.mentions
  from op
  join conversation_heads h on h.conversation_id = op.conversation_id
  join conversations c on c.id = op.conversation_id
  left join users author on author.id = op.user_id and author.anonymised_at is null
  left join memberships m on m.conversation_id = op.conversation_id and m.user_id = op.user_id
  left join message_keys key on key.conversation_id = op.conversation_id and key.id = op.id
  left join message_keys answered
    on answered.conversation_id = op.conversation_id and answered.id = op.reply_to and not answered.is_edit
  left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
$function$
;

CREATE OR REPLACE FUNCTION member_write_v1(p_conversation uuid, p_user uuid, p_role text, p_state text, p_inviter uuid)
 RETURNS member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_was memberships;
  v_now memberships;
  v_head conversation_heads;
  v_invitation jsonb;
  v_rev bigint;
begin
  v_rev := personal_bump_v1(p_user);
  if p_state = 'invited' then
    select jsonb_build_object(
      'title', c.title, 'color', c.color, 'invitedBy', p_inviter,
      'at', date_trunc('milliseconds', clock_timestamp()), 'memberCount', c.member_count
    ) into v_invitation
    from conversations c
    where c.id = p_conversation;
  end if;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

  update conversation_heads h
  set rev = h.rev + 1
  where h.conversation_id = p_conversation
  returning h.* into v_head;
  update conversations c
  set member_count = c.member_count
    + (p_state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer
  where c.id = p_conversation;

  insert into memberships as m (
    conversation_id, user_id, role, state, read_seq, invited_by, invitation, joined_at, rev, feed_rev
  )
  values (
    p_conversation, p_user, p_role, p_state, case when p_state = 'joined' then v_head.seq else 0 end,
    p_inviter, v_invitation, case when p_state = 'joined' then clock_timestamp() end, v_head.rev, v_rev
  )
  on conflict (conversation_id, user_id) do update
  set role = excluded.role, state = excluded.state, rev = excluded.rev, feed_rev = excluded.feed_rev,
    invited_by = case when excluded.state = 'invited' then excluded.invited_by end,
    invitation = excluded.invitation,
    -- Messages that were sent while the user was away are not unread.
    read_seq = case when m.state <> 'joined' and excluded.state = 'joined' then v_head.seq else m.read_seq end,
    joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
  returning m.* into v_now;
  return (null, true, p_user, v_head.rev, v_rev, to_json(v_now))::member_told_v1;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_after_v1(p_conversation conversations, p_user uuid, p_was memberships, p_is_other boolean, p_verb text, p_role text, p_muted_until timestamp with time zone)
 RETURNS memberships
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare
  -- The state of a user of whom nothing was ever written.
  v_absent text := case when p_conversation.kind = 'lobby' then 'joined' else 'left' end;
  v_now memberships := p_was;
begin
  v_now.conversation_id := p_conversation.id;
  v_now.user_id := p_user;
  v_now.role := coalesce(p_was.role, 'member');
  v_now.state := coalesce(p_was.state, v_absent);

  if p_is_other then
    v_now.role := case when p_verb = 'hand_over' then 'moderator' else 'owner' end;
  else
    case p_verb
      when 'join' then
        v_now.state := 'joined';
        -- The first to join a room that everybody has left owns it.
        if p_conversation.visibility is not null and p_conversation.member_count = 0 then
          v_now.role := 'owner';
        end if;
      when 'leave', 'remove' then
        v_now.state := 'left';
        v_now.role := 'member';
      when 'ban' then
        v_now.state := 'banned';
        v_now.role := 'member';
      when 'unban' then
        v_now.state := case when v_now.state = 'banned' then v_absent else v_now.state end;
      when 'invite' then
        v_now.state := 'invited';
      when 'mute' then
        v_now.muted_until := p_muted_until;
      when 'unmute' then
        v_now.muted_until := null;
      when 'appoint' then
        v_now.role := p_role;
      when 'hand_over' then
        v_now.role := 'owner';
    end case;
  end if;

  if v_now.state = coalesce(p_was.state, v_absent)
    and v_now.role = coalesce(p_was.role, 'member')
    and v_now.muted_until is not distinct from p_was.muted_until then
    return null;
  end if;
  return v_now;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_ban_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_large integer, p_invitations integer, p_rooms integer, p_address_ms bigint, p_address_users integer)
 RETURNS TABLE(code text, is_written boolean, user_id uuid, rev bigint, feed_rev bigint, membership json, address text)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_told member_told_v1;
begin
  for v_told in
    select t.code, t.is_written, t.user_id, t.rev, t.feed_rev, t.membership
    from membership_change_v3(
      p_conversation, p_actor, p_user, 'ban', null, null, p_large, null, p_invitations, p_rooms
    ) t
  loop
    return query select v_told.code, v_told.is_written, v_told.user_id, v_told.rev, v_told.feed_rev, v_told.membership,
      case when p_address_ms is not null and coalesce(v_told.code, 'exists') = 'exists'
        then address_ban_v1(p_conversation, p_user, p_address_ms, p_address_users)
      end;
    if v_told.code = 'exists' then
      -- Whoever was banned by their address is banned by name from now on.
      delete from address_banned x where x.conversation_id = p_conversation and x.user_id = p_user;
    end if;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_change_refusal_v1(p_conversation conversations, p_actor memberships, p_was memberships, p_actor_id uuid, p_user uuid, p_user_kind text, p_verb text, p_role text, p_invite room_invites, p_invitations integer, p_rooms integer)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_conversation.id is null or p_user_kind is null then 'not_found'
    when p_verb in ('join', 'leave') then case
      when p_was.state = 'banned' then 'banned'
      -- Users join and leave only for themselves. Everybody is always in the lobby.
      when p_actor_id <> p_user or p_conversation.kind = 'lobby' then 'forbidden'
      when p_verb = 'leave' then
        case when coalesce(p_was.state, 'left') = 'left' then 'exists' end
      when p_was.state = 'joined' then 'exists'
      when p_actor_id is not null then
        join_refusal_v1(p_conversation, p_was, p_user, p_user_kind, p_invite, p_rooms)
    end
    else coalesce(
      case when p_actor_id is not null then
        membership_refusal_v1(p_conversation, p_actor, p_was, p_verb, p_role)
      end,
      case when p_actor_id is not null and p_verb = 'invite' then coalesce(
        group_refusal_v1(p_actor_id, p_user),
        case when (
          select count(*)
          from memberships m
          where m.invited_by = p_actor_id and m.state = 'invited'
        ) >= p_invitations then 'limit_reached' end
      ) end,
      -- The server is bound by this too. Everybody is in the lobby; a room knows only those who have a membership.
      case
        when p_verb in ('mute', 'unmute', 'appoint') and p_was.state is null and p_conversation.kind <> 'lobby'
          then 'not_found'
        when p_verb = 'appoint' and p_was.state = 'banned' then 'not_found'
      end
    )
  end
$function$
;

CREATE OR REPLACE FUNCTION membership_change_v3(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text, p_muted_until timestamp with time zone, p_large integer, p_invite bytea, p_invitations integer, p_rooms integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_conversation conversations;
  v_actor memberships;
  v_was memberships;
  v_now memberships;
  v_kind text;
  v_invite room_invites;
  v_code text;
  v_other uuid;
  v_user uuid;
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  if p_verb = 'invite' then
    perform from users u where u.id in (p_actor, p_user) order by u.id for no key update;
  end if;
  select * into v_conversation from conversations c where c.id = p_conversation;
  select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
  select u.kind into v_kind from users u where u.id = p_user;
  select * into v_invite from room_invites i where i.conversation_id = p_conversation and i.token_hash = p_invite;

  v_code := membership_change_refusal_v1(
    v_conversation, v_actor, v_was, p_actor, p_user, v_kind, p_verb, p_role, v_invite, p_invitations, p_rooms
  );
  if v_code is null then
    v_other := case
      when p_verb = 'hand_over' then p_actor
      when p_verb = 'leave' and v_was.role = 'owner' then next_owner_v1(p_conversation, p_user)
    end;
    if p_verb = 'join' and v_conversation.visibility = 'private' and v_was.state is distinct from 'invited' then
      update room_invites i set uses = i.uses + 1 where i.id = v_invite.id;
    end if;

    for v_user in
      select x.id from unnest(array[p_user, v_other]) as x(id) where x.id is not null order by x.id
    loop
      select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = v_user;
      v_now := membership_after_v1(
        v_conversation, v_user, v_was, v_user is not distinct from v_other, p_verb, p_role,
        stored_time_v1(p_muted_until)
      );
      if v_now.user_id is null then
        v_code := 'exists';
        exit;
      end if;
      return next membership_change_write_v1(v_conversation, p_actor, p_verb, v_was, v_now, p_large);
    end loop;
  end if;

  if v_code is not null then
    return query select v_code, false, p_user, null::bigint, null::bigint,
      membership_json_v1(p_conversation, v_conversation.kind, p_user);
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_change_write_v1(p_conversation conversations, p_actor uuid, p_verb text, p_was memberships, p_now memberships, p_large integer)
 RETURNS member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_joined integer := (p_now.state = 'joined')::integer - (coalesce(p_was.state, '') = 'joined')::integer;
  v_takes_rev boolean := membership_takes_rev_v1(p_verb, p_was, p_now, p_conversation.member_count, p_large);
  v_is_told boolean := membership_is_told_v1(p_conversation.kind, p_verb, p_was);
  v_head conversation_heads;
  v_feed_rev bigint;
  v_row memberships;
begin
  if v_takes_rev then
    update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation.id;
  end if;
  select * into v_head from conversation_heads h where h.conversation_id = p_conversation.id;
  if v_joined <> 0 and p_conversation.kind <> 'lobby' then
    update conversations c set member_count = c.member_count + v_joined where c.id = p_conversation.id;
  end if;
  if v_is_told then
    v_feed_rev := personal_bump_v1(p_now.user_id);
  end if;

  insert into memberships as m (
    conversation_id, user_id, role, state, muted_until, read_seq, rev, feed_rev, invited_by, invitation, joined_at
  )
  values (
    p_conversation.id, p_now.user_id, p_now.role, p_now.state, p_now.muted_until,
    case when p_now.state = 'joined' and p_conversation.kind <> 'lobby' then v_head.seq else 0 end,
    case when v_takes_rev then v_head.rev else 0 end,
    coalesce(v_feed_rev, 0),
    case when p_now.state = 'invited' then p_actor end,
    case when p_now.state = 'invited' then jsonb_build_object(
      'title', p_conversation.title, 'color', null, 'invitedBy', p_actor,
      'at', date_trunc('milliseconds', clock_timestamp()),
      'memberCount', p_conversation.member_count, 'slug', p_conversation.slug
    ) end,
    case when p_now.state = 'joined' then clock_timestamp() end
  )
  on conflict (conversation_id, user_id) do update
  set role = excluded.role, state = excluded.state, muted_until = excluded.muted_until,
    -- Messages that were sent while the user was away are not unread.
    read_seq = case
      when m.state <> 'joined' and excluded.state = 'joined' and p_verb = 'join' then v_head.seq
      else m.read_seq
    end,
    rev = case when v_takes_rev then excluded.rev else m.rev end,
    feed_rev = excluded.feed_rev,
    -- Other changes of the membership leave an open invitation as it was sent.
    invited_by = case
      when p_verb = 'invite' then excluded.invited_by
      when excluded.state = 'invited' then m.invited_by
    end,
    invitation = case
      when p_verb = 'invite' then excluded.invitation
      when excluded.state = 'invited' then m.invitation
    end,
    joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
  returning m.* into v_row;
  -- Other changes of somebody who is banned, such as a mute, leave it open what the ban follows from.
  if p_now.state <> 'banned' then
    delete from address_banned x where x.conversation_id = p_conversation.id and x.user_id = p_now.user_id;
    delete from address_bans b where b.conversation_id = p_conversation.id and b.user_id = p_now.user_id;
  end if;
  return (
    null, true, p_now.user_id, case when v_takes_rev then v_head.rev end, v_feed_rev, to_json(v_row)
  )::member_told_v1;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_changes_v1(p_user uuid, p_rev bigint)
 RETURNS TABLE(kind text, rev bigint, data json, about uuid)
 LANGUAGE sql
 STABLE
AS $function$
  select 'membership', m.feed_rev, to_json(m), case
    when m.state = 'invited' then m.invited_by
    when c.direct_low = p_user then c.direct_high
    else c.direct_low
  end
  from memberships m
  join conversations c on c.id = m.conversation_id
  where m.user_id = p_user and m.feed_rev > p_rev
  union all
  select 'draft', d.feed_rev, to_json(d), null
  from drafts d
  where d.user_id = p_user and d.feed_rev > p_rev
$function$
;

CREATE OR REPLACE FUNCTION membership_is_told_v1(p_kind text, p_verb text, p_was memberships)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select p_kind = 'lobby'
    or p_verb in ('join', 'invite')
    or coalesce(p_was.state in ('joined', 'invited') or p_was.feed_rev > 0, false)
$function$
;

CREATE OR REPLACE FUNCTION membership_json_v1(p_conversation uuid, p_kind text, p_user uuid)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    (select to_json(m) from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
    json_build_object(
      'conversation_id', p_conversation, 'user_id', p_user, 'role', 'member',
      'state', case when p_kind = 'lobby' then 'joined' else 'left' end,
      'muted_until', null, 'read_seq', 0, 'cleared_seq', 0, 'archived_seq', null, 'pinned_at', null
    )
  )
$function$
;

CREATE OR REPLACE FUNCTION membership_mark_v2(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_notices text, p_sets_quiet boolean, p_quiet timestamp with time zone, p_pins integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_kind text;
  v_was memberships;
  v_places boolean := p_pinned is not null or p_archived is not null or p_cleared is not null;
  v_quiet timestamptz := stored_time_v1(p_quiet);
  v_rev bigint;
begin
  -- Serialises this with everything else that the user does, and with their deletion.
  insert into personal_heads (user_id) values (p_user) on conflict do nothing;
  perform from personal_heads h where h.user_id = p_user for no key update;
  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;
  select c.kind into v_kind from conversations c where c.id = p_conversation;
  select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

  if v_kind = 'lobby' and v_places then
    return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
    return;
  end if;
  if v_kind = 'lobby' and v_was.user_id is null then
    v_rev := personal_bump_v1(p_user);
    return query
      insert into memberships as m (conversation_id, user_id, state, notices, quiet_until, feed_rev)
      values (p_conversation, p_user, 'joined', p_notices, v_quiet, v_rev)
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
    return;
  end if;

  if v_was.state = 'joined' and (
    (p_notices is not null and p_notices is distinct from v_was.notices)
    or (p_sets_quiet and v_quiet is distinct from v_was.quiet_until)
  ) then
    v_rev := personal_bump_v1(p_user);
    return query
      update memberships m
      set notices = coalesce(p_notices, m.notices),
        quiet_until = case when p_sets_quiet then v_quiet else m.quiet_until end,
        feed_rev = v_rev
      where m.conversation_id = p_conversation and m.user_id = p_user
      returning m.user_id, m.feed_rev, 'membership', to_json(m);
    if not v_places then
      return;
    end if;
  end if;
  return query
    select placed.user_id, placed.rev, placed.kind, placed.data
    from membership_place_v1(p_user, p_conversation, p_pinned, p_archived, p_cleared, p_pins) placed;
end
$function$
;

CREATE OR REPLACE FUNCTION membership_place_v1(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_pins integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_seq bigint;
  v_was memberships;
  v_now memberships;
  v_rev bigint;
begin
  -- Serialises this with everything else that the user does.
  perform from personal_heads h where h.user_id = p_user for no key update;
  select h.seq into v_seq from conversation_heads h where h.conversation_id = p_conversation;
  select * into v_was
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_user and m.state = 'joined';

  if v_was.user_id is null then
    return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
    return;
  end if;
  if p_pinned and v_was.pinned_at is null and (
    select count(*)
    from memberships m
    where m.user_id = p_user and m.state = 'joined' and m.pinned_at is not null
  ) >= p_pins then
    return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
    return;
  end if;

  v_now := v_was;
  v_now.pinned_at := case
    when p_pinned then coalesce(v_was.pinned_at, date_trunc('milliseconds', clock_timestamp()))
    when p_pinned is null then v_was.pinned_at
  end;
  v_now.archived_seq := case
    when p_archived then v_seq
    when p_archived is null then v_was.archived_seq
  end;
  -- least() ignores nulls, so it would clear everything where p_cleared is null.
  v_now.cleared_seq := greatest(v_was.cleared_seq, case when p_cleared is not null then least(p_cleared, v_seq) end);
  v_now.read_seq := greatest(v_was.read_seq, v_now.cleared_seq);
  if v_now is not distinct from v_was then
    return query select p_user, null::bigint, 'exists', to_json(v_was);
    return;
  end if;

  v_rev := personal_bump_v1(p_user);
  return query
    update memberships m
    set pinned_at = v_now.pinned_at, archived_seq = v_now.archived_seq, cleared_seq = v_now.cleared_seq,
      read_seq = greatest(m.read_seq, v_now.read_seq), feed_rev = v_rev
    where m.conversation_id = p_conversation and m.user_id = p_user
    returning m.user_id, m.feed_rev, 'membership', to_json(m);
end
$function$
;

CREATE OR REPLACE FUNCTION membership_refusal_v1(p_conversation conversations, p_actor memberships, p_was memberships, p_verb text, p_role text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_actor.state is distinct from 'joined' then 'forbidden'
    when p_verb = 'hand_over' then case
      when p_actor.role <> 'owner' then 'forbidden'
      when p_was.state is distinct from 'joined' then 'not_found'
      when p_was.role = 'owner' then 'exists'
    end

    -- Everything else needs a role above the other's, and gives only roles below one's own.
    when array_position(array['member', 'moderator', 'owner'], p_actor.role)
      <= array_position(array['member', 'moderator', 'owner'], coalesce(p_was.role, 'member')) then 'forbidden'
    when p_verb = 'appoint'
      and array_position(array['member', 'moderator', 'owner'], p_actor.role)
        <= array_position(array['member', 'moderator', 'owner'], p_role) then 'forbidden'

    when p_verb = 'invite' then case
      when p_was.state in ('joined', 'invited') then 'exists'
      when p_was.state = 'banned' then 'forbidden'
      when p_conversation.archived_at is not null then 'archived'
    end
    when p_verb = 'remove' then case
      when p_was.state is null then 'not_found'
      when p_was.state not in ('joined', 'invited') then 'exists'
    end
  end
$function$
;

CREATE OR REPLACE FUNCTION membership_takes_rev_v1(p_verb text, p_was memberships, p_now memberships, p_members integer, p_large integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    -- An invitation concerns nobody else.
    when p_verb = 'invite' or p_was.state = 'invited' and p_now.state = 'left' then false
    when p_verb in ('join', 'leave') and p_now.role = coalesce(p_was.role, 'member') then p_members <= p_large
    else true
  end
$function$
;

CREATE OR REPLACE FUNCTION mentions_are_known_v1(p_conversation uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select not exists (select from mention_backfill b where b.after < p_conversation)
$function$
;

CREATE OR REPLACE FUNCTION mentions_backfill_v1(p_done uuid)
 RETURNS uuid
 LANGUAGE plpgsql
AS $function$
declare
  v_progress mention_backfill;
  v_next uuid;
begin
  select * into v_progress from mention_backfill b for update;
  if not found then
    return null;
  end if;
  -- A transaction that this server has not come to is of another one, whose dump was restored here.
  if v_progress.waits_for is null or v_progress.waits_for >= pg_snapshot_xmax(pg_current_snapshot()) then
    update mention_backfill b set waits_for = pg_current_xact_id();
    return null;
  elsif pg_snapshot_xmin(pg_current_snapshot()) < v_progress.waits_for then
    return null;
  end if;

  v_progress.after := greatest(v_progress.after, p_done);
  select h.conversation_id into v_next
  from conversation_heads h
  where h.conversation_id > v_progress.after
  order by h.conversation_id
  limit 1;
  if v_next is null then
    delete from mention_backfill;
  else
    update mention_backfill b set after = v_progress.after;
  end if;
  return v_next;
end
$function$
;

CREATE OR REPLACE FUNCTION mentions_edit_v1(p_conversation uuid, p_seq bigint, p_author uuid, p_body text, p_mentions text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from message_mentions x where x.conversation_id = p_conversation and x.seq = p_seq) then
    -- An empty array says that what the text names now counts for nobody.
    insert into message_mentions (conversation_id, seq, author_id, keys)
    select p_conversation, p_seq, p_author, case when mentions_are_known_v1(p_conversation) then '{}'::text[] end
    where coalesce(p_mentions <> '', p_body ~ '[@＠]')
    on conflict (conversation_id, seq) do update set keys = null;
  elsif p_mentions is null then
    update message_mentions x set keys = null where x.conversation_id = p_conversation and x.seq = p_seq;
  else
    update message_mentions x
    set keys = array(select k from unnest(x.keys) k where k = any (string_to_array(p_mentions, ' ')))
    where x.conversation_id = p_conversation and x.seq = p_seq and x.keys is not null;
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION mentions_unknown_v1(p_conversation uuid, p_after bigint, p_to bigint)
 RETURNS TABLE(seq bigint, author_id uuid, edited_at timestamp with time zone, texts json)
 LANGUAGE sql
 STABLE ROWS 10
AS $function$
  select m.seq, m.author_id, m.edited_at, (
    select json_agg(t.body)
    from (
      select m.body
      union all
      select e.body from message_edits e where e.conversation_id = m.conversation_id and e.seq = m.seq
    ) t
  )
  from (
    select x.seq
    from message_mentions x
    where x.conversation_id = p_conversation and x.seq > p_after and x.seq <= p_to and x.keys is null
    union all
    select o.seq
    from messages o
    where not mentions_are_known_v1(p_conversation)
      and o.conversation_id = p_conversation and o.seq > p_after and o.seq <= p_to and o.body ~ '[@＠]'
      and not exists (
        select from message_mentions x where x.conversation_id = o.conversation_id and x.seq = o.seq
      )
  ) w
  join messages m on m.conversation_id = p_conversation and m.seq = w.seq
$function$
;

CREATE OR REPLACE FUNCTION mentions_write_v1(p_conversation uuid, p_rows json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_seqs bigint[];
begin
  select array_agg(l.seq) into v_seqs
  from (
    select m.seq
    from messages m
    join json_to_recordset(p_rows) as o(s bigint, e timestamptz) on o.s = m.seq
    where m.conversation_id = p_conversation and m.edited_at is not distinct from o.e and m.deleted_at is null
    order by m.seq
    for share of m
  ) l;

  insert into message_mentions as x (conversation_id, seq, author_id, keys)
  select p_conversation, o.s, o.u, string_to_array(o.m, ' ')
  from json_to_recordset(p_rows) as o(s bigint, u uuid, m text)
  where o.s = any (v_seqs)
  order by o.s
  on conflict (conversation_id, seq) do update set keys = excluded.keys where x.keys is null;
end
$function$
;

CREATE OR REPLACE FUNCTION message_edits_v1(p_conversation uuid, p_id uuid, p_user uuid)
 RETURNS TABLE(seq bigint, is_allowed boolean, items json, users json)
 LANGUAGE sql
 STABLE
AS $function$
  with message as (
    select m.conversation_id, m.seq, m.author_id, m.body, coalesce(m.edited_at, m.created_at) as written_at
    from message_keys k
    join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
    join conversation_heads h on h.conversation_id = m.conversation_id
    where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
      and m.seq > h.floor_seq and m.deleted_at is null
  ), allowed as (
    select m.seq, m.author_id = p_user or coalesce(s.role, 'member') <> 'member' as is_allowed
    from message m
    left join memberships s on s.conversation_id = p_conversation and s.user_id = p_user
  ), texts as (
    select null::bigint as rev, m.author_id as user_id, m.body, m.written_at
    from message m
    union all
    select e.rev, e.user_id, e.body, e.written_at
    from message m
    join message_edits e on e.conversation_id = m.conversation_id and e.seq = m.seq
  )
  select a.seq, a.is_allowed,
    case when a.is_allowed then (
      select json_agg(
        json_build_object('userId', t.user_id, 'body', t.body, 'at', t.written_at)
        order by t.rev desc nulls first
      )
      from texts t
    ) end,
    case when a.is_allowed then users_json_v1((select array_agg(distinct t.user_id) from texts t)) end
  from allowed a
$function$
;

CREATE OR REPLACE FUNCTION message_json_v1(p_conversation uuid, p_seq bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select to_json(s) from message_states_v1 s where s.conversation_id = p_conversation and s.seq = p_seq
$function$
;

CREATE OR REPLACE FUNCTION message_page_v1(p_conversation uuid, p_user uuid, p_from bigint, p_to bigint)
 RETURNS TABLE(messages json, users json, mine json)
 LANGUAGE sql
 STABLE
AS $function$
  -- All columns of message_states_v1. Materialized, so that each quote is looked up once.
  with page as materialized (
    select s.conversation_id, s.seq, s.id, s.author_id, s.rev, s.body, s.created_at, s.edited_at, s.deleted_at,
      s.reactions, s.pinned_at, s.reply_to, s.quote, s.is_forwarded, s.preview, s.mention_keys
    from message_states_v1 s
    where s.conversation_id = p_conversation and s.seq between p_from and p_to
  )
  select
    (select coalesce(json_agg(p order by p.seq), '[]') from page p),
    users_json_v1((
      select array_agg(distinct x.id)
      from (
        select p.author_id from page p
        union all
        select (p.quote->>'authorId')::uuid from page p where p.quote is not null
      ) x(id)
    )),
    own_reactions_v1(p_conversation, p_user, (select array_agg(p.seq) from page p))
$function$
;

CREATE OR REPLACE FUNCTION message_reactions_v1(p_conversation uuid, p_id uuid, p_emoji text, p_rev bigint, p_limit integer)
 RETURNS TABLE(seq bigint, user_id uuid, emoji text, rev bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select m.seq, r.user_id, r.emoji, r.rev
  from message_keys k
  join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
  join conversation_heads h on h.conversation_id = m.conversation_id and m.seq > h.floor_seq
  left join lateral (
    select x.user_id, x.emoji, x.rev
    from reactions x
    where x.conversation_id = m.conversation_id and x.seq = m.seq and x.is_on
      and (p_emoji is null or x.emoji = p_emoji) and (p_rev is null or x.rev < p_rev)
    order by x.rev desc
    limit p_limit
  ) r on true
  where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit
$function$
;

CREATE OR REPLACE FUNCTION milliseconds_until_v1(p_until timestamp with time zone, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select least(greatest(ceil(extract(epoch from p_until - p_now) * 1000), 0), 2147483647)::integer
$function$
;

CREATE OR REPLACE FUNCTION naming_v1(p_conversation uuid, p_user uuid, p_read bigint, p_head bigint, p_window integer)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_agg(json_build_object('seq', m.seq, 'body', m.body) order by m.seq)
  from messages m
  where m.conversation_id = p_conversation and m.seq > greatest(p_read, p_head - p_window)
    and m.author_id <> p_user and m.body ~ '[@＠]'
$function$
;

CREATE OR REPLACE FUNCTION naming_v2(p_conversation uuid, p_user uuid, p_read bigint, p_head bigint, p_window integer)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'seqs', (
      select coalesce(json_agg(x.seq order by x.seq), '[]')
      from message_mentions x
      where x.conversation_id = p_conversation and x.seq > greatest(p_read, p_head - p_window)
        and x.author_id <> p_user
        and x.keys @> (select array[coalesce(u.username_key, u.tag)] from users u where u.id = p_user)
    ),
    'unknown', (
      select coalesce(json_agg(json_build_object('seq', w.seq, 'texts', w.texts) order by w.seq), '[]')
      from mentions_unknown_v1(p_conversation, greatest(p_read, p_head - p_window), p_head) w
      where w.author_id <> p_user
    )
  )
$function$
;

CREATE OR REPLACE FUNCTION next_owner_v1(p_conversation uuid, p_owner uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select m.user_id
  from memberships m
  where m.conversation_id = p_conversation and m.state = 'joined' and m.user_id <> p_owner
  order by m.role = 'moderator' desc, m.joined_at nulls last, m.user_id
  limit 1
$function$
;

CREATE OR REPLACE FUNCTION next_rev_v1(p_conversation uuid)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  update conversation_heads h
  set rev = h.rev + 1
  where h.conversation_id = p_conversation
  returning h.rev
$function$
;

CREATE OR REPLACE FUNCTION own_reactions_v1(p_conversation uuid, p_user uuid, p_seqs bigint[])
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(json_agg(json_build_object('seq', r.seq, 'emoji', r.emoji) order by r.seq, r.emoji), '[]')
  from reactions r
  where r.conversation_id = p_conversation and r.user_id = p_user and r.is_on and r.seq = any (p_seqs)
$function$
;

CREATE OR REPLACE FUNCTION password_change_v1(p_user uuid, p_before text, p_after text, p_kept uuid, p_keeps_tokens boolean)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
begin
  update users u
  set password_hash = p_after
  where u.id = p_user and u.password_hash = p_before and u.anonymised_at is null;
  if not found then
    return;
  end if;
  return query select p_user, null::bigint, 'changed', null::json;
  return query
    select e.user_id, e.rev, e.kind, e.data
    from credentials_renew_v1(p_user, p_kept, p_keeps_tokens) e;
end
$function$
;

CREATE OR REPLACE FUNCTION personal_bump_pair_v1(p_user uuid, p_other uuid)
 RETURNS TABLE(rev bigint, other_rev bigint)
 LANGUAGE plpgsql
AS $function$
begin
  if p_user < p_other then
    rev := personal_bump_v1(p_user);
    other_rev := personal_bump_v1(p_other);
  else
    other_rev := personal_bump_v1(p_other);
    rev := personal_bump_v1(p_user);
  end if;
  return next;
end
$function$
;

CREATE OR REPLACE FUNCTION personal_bump_v1(p_user uuid)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  insert into personal_heads (user_id, rev)
  values (p_user, 1)
  on conflict (user_id) do update set rev = personal_heads.rev + 1
  returning rev
$function$
;

CREATE OR REPLACE FUNCTION personal_changes_v3(p_user uuid, p_rev bigint, p_limit integer)
 RETURNS TABLE(rev bigint, is_reset boolean, has_more boolean, changes json, users json)
 LANGUAGE sql
 STABLE
AS $function$
  with head as (
    select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
  ), changed as (
    select c.kind, c.rev, c.data, c.about from auth_changes_v1(p_user, p_rev) c
    union all
    select c.kind, c.rev, c.data, c.about from membership_changes_v1(p_user, p_rev) c
    union all
    select c.kind, c.rev, c.data, c.about from relation_changes_v1(p_user, p_rev) c
  ), page as (
    select c.kind, c.rev, c.data, c.about
    from changed c
    order by c.rev
    fetch first p_limit rows with ties
  )
  select
    h.rev,
    p_rev > h.rev,
    (select count(*) from changed) > p_limit,
    coalesce(
      (select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p),
      '[]'
    ),
    users_json_v1((select array_agg(distinct p.about) from page p where p.about is not null))
  from head h
$function$
;

CREATE OR REPLACE FUNCTION preview_claim_v1(p_limit integer, p_lease_ms integer)
 RETURNS SETOF preview_jobs
 LANGUAGE sql
AS $function$
  update preview_jobs j
  set due_at = now() + p_lease_ms * interval '1 millisecond', tries = j.tries + 1
  from (
    select x.conversation_id, x.seq
    from preview_jobs x
    where x.due_at <= now()
    order by x.due_at
    limit p_limit
    for update skip locked
  ) due
  where j.conversation_id = due.conversation_id and j.seq = due.seq
  returning j.*
$function$
;

CREATE OR REPLACE FUNCTION profile_change_v1(p_user uuid, p_name text, p_color text, p_guest_names integer, p_member_names integer, p_window_ms bigint)
 RETURNS TABLE(verdict text, retry_after_ms integer, rev bigint, author json)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_was users;
  v_now timestamptz;
  v_retry_after_ms integer;
  v_rev bigint;
begin
  select * into v_was
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  -- Of the time of the lock: two names that were given up at once would have the same key.
  v_now := clock_timestamp();

  if coalesce(p_name, v_was.display_name) is not distinct from v_was.display_name
    and coalesce(p_color, v_was.avatar_color) is not distinct from v_was.avatar_color
  then
    return query select 'same', null::integer, null::bigint, author_json_v1(v_was);
    return;
  end if;

  if p_name is not null and p_name is distinct from v_was.display_name then
    select r.retry_after_ms into v_retry_after_ms
    from rename_refusal_v1(v_was, p_guest_names, p_member_names, p_window_ms, v_now) r;
    if found then
      return query select 'refused', v_retry_after_ms, null::bigint, null::json;
      return;
    end if;

    insert into former_names (user_id, until, name)
    values (p_user, v_now, v_was.display_name);
  end if;

  v_rev := personal_bump_v1(p_user);
  return query
    update users u
    set
      display_name = coalesce(p_name, u.display_name),
      avatar_color = coalesce(p_color, u.avatar_color),
      profile_rev = u.profile_rev + 1,
      feed_rev = v_rev
    where u.id = p_user
    returning 'changed', null::integer, v_rev, author_json_v1(u);
end
$function$
;

CREATE OR REPLACE FUNCTION quote_v1(p_conversation uuid, p_seq bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'seq', t.seq,
    'rev', t.rev,
    'authorId', t.author_id,
    'body', left(t.body, 200),
    'isDeleted', t.deleted_at is not null
  )
  from messages t
  join conversation_heads h on h.conversation_id = t.conversation_id
  where t.conversation_id = p_conversation and t.seq = p_seq and t.seq > h.floor_seq
$function$
;

CREATE OR REPLACE FUNCTION read_mark_refusal_v1(p_kind text, p_head bigint, p_was memberships, p_seq bigint, p_got bigint)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_was.state = 'banned' then 'banned'
    when p_kind is null or (p_kind <> 'lobby' and p_was.state is distinct from 'joined') then 'not_found'
    when greatest(p_seq, p_got) > p_head then 'beyond'
    when p_kind <> 'lobby' and p_seq < p_was.read_seq then 'behind'
  end
$function$
;

CREATE OR REPLACE FUNCTION read_marks_of_v1(p_conversation uuid, p_reader uuid)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when coalesce(
      (select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = p_reader),
      true
    ) then (
      select coalesce(
        json_agg(json_build_object('userId', m.user_id, 'readSeq', m.shown_seq, 'deliveredSeq', m.delivered_seq)),
        '[]'
      )
      from memberships m
      left join personal_settings s on s.user_id = m.user_id
      where m.conversation_id = p_conversation and m.user_id <> p_reader and m.state = 'joined'
        and coalesce(s.sends_receipts and not s.appears_offline, true)
    )
  end
$function$
;

CREATE OR REPLACE FUNCTION read_marks_v3(p_marks json)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_mark record;
  v_kind text;
  v_head bigint;
  v_was memberships;
  v_now memberships;
  v_code text;
  v_rev bigint;
begin
  for v_mark in
    select o.c, o.u, max(o.seq) as seq, max(o.got) as got
    from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint, got bigint)
    group by o.c, o.u
    order by o.u, o.c
  loop
    -- Serialises this with everything else that the user does.
    perform from personal_heads h where h.user_id = v_mark.u for no key update;
    select c.kind, h.seq into v_kind, v_head
    from conversations c
    join conversation_heads h on h.conversation_id = c.id
    where c.id = v_mark.c;
    select * into v_was from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u;

    v_code := read_mark_refusal_v1(v_kind, v_head, v_was, v_mark.seq, v_mark.got);
    if v_code is not null then
      return query select v_mark.u, null::bigint, 'refused',
        json_build_object('conversation_id', v_mark.c, 'code', v_code);
      continue;
    end if;
    -- The lobby's mark stays on the device.
    continue when v_kind = 'lobby';

    v_now := v_was;
    v_now.read_seq := greatest(v_was.read_seq, v_mark.seq);
    if v_kind in ('direct', 'group') and coalesce(
      (select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = v_mark.u), true
    ) then
      v_now.shown_seq := greatest(v_was.shown_seq, v_mark.seq);
      v_now.delivered_seq := greatest(v_was.delivered_seq, v_mark.got, v_now.shown_seq);
    end if;
    continue when v_now is not distinct from v_was;

    v_rev := case when v_now.read_seq > v_was.read_seq then personal_bump_v1(v_mark.u) end;
    update memberships m
    set read_seq = v_now.read_seq, shown_seq = v_now.shown_seq, delivered_seq = v_now.delivered_seq,
      feed_rev = coalesce(v_rev, m.feed_rev)
    where m.conversation_id = v_mark.c and m.user_id = v_mark.u
    returning m.* into v_now;
    if v_rev is not null then
      return query select v_mark.u, v_rev, 'membership', to_json(v_now);
    end if;
    if v_now.shown_seq > v_was.shown_seq or v_now.delivered_seq > v_was.delivered_seq then
      return query select v_mark.u, null::bigint, 'mark', to_json(v_now);
    end if;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION read_refusal_v1(p_conversation uuid, p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select refusal_v1(c.kind, m.state, null, false, now())
  from conversations c
  left join memberships m on m.conversation_id = c.id and m.user_id = p_user
  where c.id = p_conversation
$function$
;

CREATE OR REPLACE FUNCTION recovery_use_v1(p_code bytea, p_hash text)
 RETURNS TABLE(user_id uuid, password_hash text)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_user uuid;
begin
  delete from recovery_codes c
  where c.code_hash = p_code
  returning c.user_id into v_user;
  if not found then
    return;
  end if;

  return query
    update users u
    set password_hash = coalesce(p_hash, u.password_hash)
    where u.id = v_user and u.anonymised_at is null
    returning u.id, u.password_hash;
end
$function$
;

CREATE OR REPLACE FUNCTION recovery_use_v2(p_code bytea, p_hash text, p_keeps_tokens boolean)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_user uuid;
begin
  select c.user_id into v_user
  from recovery_codes c
  where c.code_hash = p_code;
  -- The user before the code, as everywhere: whoever deletes a user deletes the codes after it.
  perform
  from users u
  where u.id = v_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  delete from recovery_codes c
  where c.code_hash = p_code;
  if not found then
    return;
  end if;

  return query
    update users u
    set password_hash = coalesce(p_hash, u.password_hash)
    where u.id = v_user and u.anonymised_at is null
    returning u.id, null::bigint, 'used', json_build_object('password_hash', u.password_hash);
  if found and p_hash is not null then
    return query
      select e.user_id, e.rev, e.kind, e.data
      from credentials_renew_v1(v_user, null, p_keeps_tokens) e;
  end if;
end
$function$
;

CREATE OR REPLACE FUNCTION refusal_v1(p_kind text, p_state text, p_muted_until timestamp with time zone, p_needs_voice boolean, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_state = 'banned' then 'banned'
    when p_kind <> 'lobby' and p_state is distinct from 'joined' then 'not_found'
    when p_needs_voice and p_muted_until > p_now then 'muted'
  end
$function$
;

CREATE OR REPLACE FUNCTION relation_changes_v1(p_user uuid, p_rev bigint)
 RETURNS TABLE(kind text, rev bigint, data json, about uuid)
 LANGUAGE sql
 STABLE
AS $function$
  select 'friend', f.feed_rev, to_json(f), f.other_id
  from friendships f
  where f.user_id = p_user and f.feed_rev > p_rev
  union all
  select 'block', b.feed_rev, to_json(b), b.other_id
  from blocks b
  where b.user_id = p_user and b.feed_rev > p_rev
  union all
  select 'settings', s.feed_rev, to_json(s), null
  from personal_settings s
  where s.user_id = p_user and s.feed_rev > p_rev
$function$
;

CREATE OR REPLACE FUNCTION rename_refusal_v1(p_user users, p_max_guest_names integer, p_max_member_names integer, p_window_ms bigint, p_now timestamp with time zone)
 RETURNS TABLE(retry_after_ms integer)
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_user.kind <> 'guest'
      then milliseconds_until_v1(min(x.until) + p_window_ms * interval '1 millisecond', p_now)
  end
  from (
    select n.until
    from former_names n
    where n.user_id = p_user.id
      and (p_user.kind = 'guest' or n.until > p_now - p_window_ms * interval '1 millisecond')
    order by n.until desc
    -- The oldest of those that count is the one that must run out; names from the time as a guest can be older.
    limit case when p_user.kind = 'guest' then p_max_guest_names else p_max_member_names end
  ) x
  having count(*) >= case when p_user.kind = 'guest' then p_max_guest_names else p_max_member_names end
$function$
;

CREATE OR REPLACE FUNCTION role_v1(p_conversation uuid, p_user uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    (select m.role from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
    'member'
  )
$function$
;

CREATE OR REPLACE FUNCTION room_create_refusal_v1(p_actor uuid, p_actor_kind text, p_id uuid, p_visibility text, p_slug text, p_skeleton text, p_is_chosen boolean, p_guest_per_day integer, p_member_per_day integer)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_actor_kind is null then 'session_ended'
    when exists (select from conversations c where c.id = p_id) then case
      when exists (
        select from conversations c
        where c.id = p_id and c.created_by = p_actor and c.kind = 'room'
      ) then 'exists'
      else 'id_taken'
    end
    when p_actor_kind = 'guest' and (p_visibility <> 'public' or p_guest_per_day = 0) then 'members_only'
    when (
      select count(*)
      from conversations c
      where c.created_by = p_actor and c.kind = 'room' and c.created_at > now() - interval '1 day'
    ) >= case p_actor_kind when 'guest' then p_guest_per_day else p_member_per_day end then 'limit_reached'
    when p_is_chosen and slug_is_taken_v1(p_slug, p_skeleton, p_id) then 'slug_taken'
  end
$function$
;

CREATE OR REPLACE FUNCTION room_create_v1(p_actor uuid, p_id uuid, p_room json, p_slugs text[], p_skeletons text[], p_is_chosen boolean, p_guest_per_day integer, p_member_per_day integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_kind text;
  v_code text;
  v_visibility text := p_room->>'visibility';
  v_is_new boolean := false;
begin
  select u.kind into v_kind from users u where u.id = p_actor and u.anonymised_at is null for no key update;

  perform slugs_lock_v1(p_skeletons);
  v_code := room_create_refusal_v1(
    p_actor, v_kind, p_id, v_visibility, p_slugs[1], p_skeletons[1], p_is_chosen, p_guest_per_day, p_member_per_day
  );
  if v_code is null then
    for i in 1 .. cardinality(p_slugs) loop
      continue when v_visibility <> 'private' and slug_is_taken_v1(p_slugs[i], p_skeletons[i], p_id);
      -- Of two calls for the same room or slug at once, the second waits here and then inserts nothing.
      insert into conversations (
        id, kind, title, name_key, slug, slug_skeleton, visibility, topic, guest_access, is_announcement, created_by
      )
      values (
        p_id, 'room', p_room->>'title', p_room->>'nameKey', p_slugs[i], p_skeletons[i], v_visibility, p_room->>'topic',
        p_room->>'guests', (p_room->>'isAnnouncement')::boolean, p_actor
      )
      on conflict do nothing;
      -- FOUND of the loop itself says only that it ran.
      v_is_new := found;
      exit when v_is_new;
    end loop;
    if not v_is_new then
      v_code := case
        when exists (select from conversations c where c.id = p_id) then 'id_taken'
        else 'slug_taken'
      end;
    end if;
  end if;
  if v_code is not null then
    return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
    return;
  end if;

  insert into conversation_heads (conversation_id) values (p_id);
  insert into room_activity (conversation_id, at) values (p_id, date_trunc('milliseconds', clock_timestamp()));
  return next member_write_v1(p_id, p_actor, 'owner', 'joined', null);
end
$function$
;

CREATE OR REPLACE FUNCTION room_refusal_v1(p_kind text, p_archived_at timestamp with time zone, p_is_announcement boolean, p_guests text, p_role text, p_user_kind text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when p_archived_at is not null then 'archived'
    when p_kind = 'delete' or coalesce(p_role, 'member') <> 'member' then null
    when p_guests <> 'write' and p_user_kind = 'guest' then 'members_only'
    when p_is_announcement and p_kind <> 'react' then 'moderators_only'
  end
$function$
;

CREATE OR REPLACE FUNCTION room_settings_after_v1(p_was conversations, p_change jsonb, p_slug text, p_skeleton text)
 RETURNS conversations
 LANGUAGE plpgsql
AS $function$
declare
  v_now conversations := p_was;
begin
  v_now.title := coalesce(p_change->>'title', p_was.title);
  v_now.name_key := coalesce(p_change->>'nameKey', p_was.name_key);
  v_now.visibility := coalesce(p_change->>'visibility', p_was.visibility);
  v_now.guest_access := coalesce(p_change->>'guests', p_was.guest_access);
  v_now.is_announcement := coalesce((p_change->>'isAnnouncement')::boolean, p_was.is_announcement);
  v_now.slow_mode_ms := coalesce((p_change->>'slowModeMs')::integer, p_was.slow_mode_ms);
  v_now.slug := coalesce(p_slug, p_was.slug);
  v_now.slug_skeleton := coalesce(p_skeleton, p_was.slug_skeleton);

  -- Null is a value of these.
  if p_change ? 'topic' then
    v_now.topic := p_change->>'topic';
  end if;
  if p_change ? 'retentionMs' then
    v_now.retention_ms := (p_change->>'retentionMs')::bigint;
  end if;
  if p_change ? 'isArchived' then
    v_now.archived_at := case when (p_change->>'isArchived')::boolean then
      coalesce(p_was.archived_at, date_trunc('milliseconds', clock_timestamp()))
    end;
  end if;
  return v_now;
end
$function$
;

CREATE OR REPLACE FUNCTION room_settings_refusal_v1(p_was conversations, p_role text, p_change jsonb, p_slug text, p_skeleton text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when p_was.kind is distinct from 'room' or p_role is null then 'not_found'
    when p_role = 'member' then 'forbidden'
    when p_role = 'moderator' and p_change - array['title', 'nameKey', 'topic', 'slowModeMs'] <> '{}' then 'forbidden'
    when (p_slug <> p_was.slug or p_was.visibility = 'private' and p_change->>'visibility' <> 'private')
      and slug_is_taken_v1(p_slug, p_skeleton, p_was.id) then 'slug_taken'
  end
$function$
;

CREATE OR REPLACE FUNCTION room_settings_v1(p_conversation uuid, p_actor uuid, p_change jsonb, p_slugs text[], p_skeletons text[])
 RETURNS TABLE(code text, rev bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_was conversations;
  v_now conversations;
  v_role text;
  v_code text;
  v_head conversation_heads;
begin
  -- Alone in its statement: what follows must see what was committed while this waited.
  perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
  select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
  select * into v_was from conversations c where c.id = p_conversation;
  select m.role into v_role
  from memberships m
  where m.conversation_id = p_conversation and m.user_id = p_actor and m.state = 'joined';

  if cardinality(p_slugs) > 0 then
    perform slugs_lock_v1(p_skeletons || v_was.slug_skeleton);
  end if;
  v_code := room_settings_refusal_v1(v_was, v_role, p_change, p_slugs[1], p_skeletons[1]);
  if v_code is not null then
    return query select v_code, null::bigint;
    return;
  end if;
  v_now := room_settings_after_v1(v_was, p_change, p_slugs[1], p_skeletons[1]);
  if v_now is not distinct from v_was then
    return query select null::text, null::bigint;
    return;
  end if;

  if not room_settings_write_v1(v_now, v_head.rev + 1, p_slugs, p_skeletons) then
    return query select 'slug_taken', null::bigint;
    return;
  end if;

  perform slug_leave_v1(v_was);
  update conversation_heads h set rev = v_head.rev + 1 where h.conversation_id = p_conversation;
  if v_was.slow_mode_ms = 0 and v_now.slow_mode_ms > 0 then
    perform slow_mode_start_v1(p_conversation, v_now.slow_mode_ms, v_head.seq);
  end if;
  return query select null::text, v_head.rev + 1;
end
$function$
;

CREATE OR REPLACE FUNCTION room_settings_write_v1(p_now conversations, p_rev bigint, p_slugs text[], p_skeletons text[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_choice integer := 1;
begin
  loop
    begin
      update conversations c
      set title = p_now.title, name_key = p_now.name_key, topic = p_now.topic,
        slug = p_now.slug, slug_skeleton = p_now.slug_skeleton,
        visibility = p_now.visibility, guest_access = p_now.guest_access, is_announcement = p_now.is_announcement,
        slow_mode_ms = p_now.slow_mode_ms, retention_ms = p_now.retention_ms, archived_at = p_now.archived_at,
        settings_rev = p_rev
      where c.id = p_now.id;
      return true;
    exception when unique_violation then
      -- A private room takes the next slug: an error would tell of the other private room that has this one.
      v_choice := v_choice + 1;
      if p_now.visibility <> 'private' or p_slugs[v_choice] is null then
        return false;
      end if;
      p_now.slug := p_slugs[v_choice];
      p_now.slug_skeleton := p_skeletons[v_choice];
    end;
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION search_live_v1(p_user uuid, p_conversations uuid[], p_seqs bigint[], p_since timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(n bigint, message json, author json)
 LANGUAGE sql
 STABLE
AS $function$
  select x.n,
    case
      when (s.quote->>'seq')::bigint <= m.cleared_seq then (to_jsonb(s) - 'quote')::json
      else to_json(s)
    end,
    author_json_v1(u)
  from unnest(p_conversations, p_seqs) with ordinality as x(conversation_id, seq, n)
  join conversations c on c.id = x.conversation_id
  join conversation_heads h on h.conversation_id = c.id
  left join memberships m on m.conversation_id = c.id and m.user_id = p_user
  join message_states_v1 s on s.conversation_id = x.conversation_id and s.seq = x.seq
  left join users u on u.id = s.author_id
  where case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
    and s.deleted_at is null and x.seq > h.floor_seq and x.seq > coalesce(m.cleared_seq, 0)
    and (p_since is null or s.created_at >= p_since) and (p_until is null or s.created_at < p_until)
$function$
;

CREATE OR REPLACE FUNCTION search_ord_at_v1(p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_low bigint := 0;
  v_high bigint;
  v_middle bigint;
  v_at timestamptz;
begin
  select coalesce(max(t.ord), 0) + 1 into v_high from message_terms t;
  while v_low < v_high loop
    v_middle := (v_low + v_high) / 2;
    select m.created_at into v_at
    from message_terms t
    join messages m on m.conversation_id = t.conversation_id and m.seq = t.seq
    where t.ord >= v_middle
    order by t.ord
    limit 1;
    if not found or v_at >= p_at then
      v_high := v_middle;
    else
      v_low := v_middle + 1;
    end if;
  end loop;
  return v_low;
end
$function$
;

CREATE OR REPLACE FUNCTION search_pending_v2(p_conversations uuid[], p_limit integer)
 RETURNS TABLE(conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json)
 LANGUAGE sql
 STABLE
AS $function$
  select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end,
    x.count >= p_limit, coalesce(x.messages, '[]')
  from conversation_heads h
  join conversations k on k.id = h.conversation_id and k.kind <> 'match'
  left join search_cursors c on c.conversation_id = h.conversation_id
  cross join lateral (
    select count(*) as count, max(m.rev) as rev,
      json_agg(
        json_build_object(
          'seq', m.seq, 'id', m.id, 'author_id', m.author_id, 'at', m.created_at, 'body', m.body,
          'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq,
          'is_pinned', m.pinned_at is not null, 'has_preview', m.preview is not null
        )
        order by m.rev
      ) as messages
    from (
      select m.seq, m.id, m.author_id, m.rev, m.created_at, m.body, m.deleted_at, m.pinned_at, m.preview
      from messages m
      where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0)
      order by m.rev
      limit p_limit
    ) m
  ) x
  where h.conversation_id = any (p_conversations) and h.rev > coalesce(c.rev, 0)
$function$
;

CREATE OR REPLACE FUNCTION search_v1(p_keys integer[], p_terms integer[], p_from bigint, p_to bigint, p_limit integer)
 RETURNS TABLE(ord bigint, conversation_id uuid, seq bigint)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
#variable_conflict use_column
declare
  v_ords bigint[];
  v_conversations uuid[];
  v_seqs bigint[];
  v_to bigint := p_to;
  v_from bigint := greatest(p_from, p_to - 1024);
  v_left integer := p_limit;
  v_step integer := 0;
  v_blocks integer[];
begin
  loop
    if v_step = 0 then
      select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc),
        array_agg(x.seq order by x.ord desc)
      into v_ords, v_conversations, v_seqs
      from (
        select t.ord, t.conversation_id, t.seq
        from (
          select t.ord, t.conversation_id, t.seq, t.terms
          from message_terms t
          where t.ord >= v_from and t.ord < v_to
          -- Makes Postgres read by ord and not by terms.
          offset 0
        ) t
        where t.terms @> p_terms and (p_keys is null or t.terms && p_keys)
        order by t.ord desc
        limit v_left
      ) x;
    else
      -- Each row has a term for its block: -1 minus the block's number.
      v_blocks := (
        select array_agg(-1 - b) from generate_series((v_from >> 12)::integer, ((v_to - 1) >> 12)::integer) b
      );
      select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc),
        array_agg(x.seq order by x.ord desc)
      into v_ords, v_conversations, v_seqs
      from (
        select t.ord, t.conversation_id, t.seq
        from message_terms t
        where t.terms @> p_terms and t.terms && v_blocks and t.terms && coalesce(p_keys, v_blocks)
          -- ord + 0 keeps Postgres from using the index of ord.
          and t.ord + 0 >= v_from and t.ord + 0 < v_to
        order by t.ord + 0 desc
        limit v_left
      ) x;
    end if;

    return query
      select x.ord, x.conversation_id, x.seq
      from unnest(v_ords, v_conversations, v_seqs) as x(ord, conversation_id, seq);
    v_left := v_left - coalesce(cardinality(v_ords), 0);
    if v_left <= 0 then
      return query select v_ords[cardinality(v_ords)], null::uuid, null::bigint;
      return;
    elsif v_from <= p_from then
      return query select p_from, null::uuid, null::bigint;
      return;
    end if;
    v_step := v_step + 1;
    v_to := v_from;
    v_from := greatest(p_from, v_to - case when v_step <= 32 then 8 else 256 end * 4096);
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION search_write_v2(p_batch json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_one record;
  v_taken uuid[] := '{}';
begin
  for v_one in
    select o.c, o.f, o.t, o.gone
    from json_to_recordset(p_batch) as o(c uuid, f bigint, t bigint, gone bigint[])
    order by o.c
  loop
    insert into search_cursors (conversation_id, rev) values (v_one.c, 0) on conflict do nothing;
    update search_cursors s set rev = v_one.t where s.conversation_id = v_one.c and s.rev = v_one.f;
    continue when not found;
    v_taken := v_taken || v_one.c;
    delete from message_terms t where t.conversation_id = v_one.c and t.seq = any (v_one.gone);
  end loop;

  -- The ords of all conversations follow the order in which the messages were sent. The last term is the block's.
  insert into message_terms as t (conversation_id, seq, ord, terms)
  select r.c, r.s, r.ord, r.k || (-1 - (r.ord >> 12)::integer)
  from (
    select o.c, x.s, x.k, nextval('message_terms_ord') as ord
    from json_to_recordset(p_batch) as o(c uuid, rows json)
    cross join lateral json_to_recordset(o.rows) as x(s bigint, at timestamptz, k integer[])
    where o.c = any (v_taken)
    order by x.at, o.c, x.s
  ) r
  on conflict (conversation_id, seq) do update
  set terms = excluded.terms[:cardinality(excluded.terms) - 1] || (-1 - (t.ord >> 12)::integer);

  insert into preview_jobs as j (conversation_id, seq, message_id, author_id, url, said)
  select o.c, x.s, x.id, x.u, x.url, x.h
  from json_to_recordset(p_batch) as o(c uuid, links json)
  cross join lateral json_to_recordset(o.links) as x(s bigint, id uuid, u uuid, url text, h text)
  where o.c = any (v_taken)
  order by o.c, x.s
  on conflict (conversation_id, seq) do update
  set url = excluded.url, said = excluded.said, due_at = now(), tries = 0;
end
$function$
;

CREATE OR REPLACE FUNCTION seq_before_v1(p_conversation uuid, p_before timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_low bigint;
  v_high bigint;
  v_middle bigint;
  v_at timestamptz;
begin
  select h.floor_seq, h.seq into v_low, v_high from conversation_heads h where h.conversation_id = p_conversation;
  while v_low < v_high loop
    v_middle := (v_low + v_high + 1) / 2;
    select m.created_at into v_at
    from messages m
    where m.conversation_id = p_conversation and m.seq = v_middle;
    if v_at < p_before then
      v_low := v_middle;
    else
      v_high := v_middle - 1;
    end if;
  end loop;
  return v_low;
end
$function$
;

CREATE OR REPLACE FUNCTION session_begin_v1(p_session uuid, p_user uuid, p_hash text, p_label text, p_ms bigint)
 RETURNS TABLE(rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_rev bigint;
begin
  perform
  from users u
  where u.id = p_user and u.anonymised_at is null and u.password_hash is not distinct from p_hash
  for no key update;
  if not found then
    return;
  end if;

  v_rev := personal_bump_v1(p_user);
  insert into sessions (id, user_id, label, expires_at, feed_rev)
  values (p_session, p_user, p_label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev);
  update users u
  set last_seen_at = clock_timestamp()
  where u.id = p_user;

  return query
    select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
    from users u
    where u.id = p_user;
end
$function$
;

CREATE OR REPLACE FUNCTION session_end_v1(p_session uuid, p_reason text)
 RETURNS TABLE(user_id uuid, rev bigint)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_user uuid;
  v_rev bigint;
begin
  select s.user_id into v_user
  from sessions s
  where s.id = p_session and s.ended_at is null
  for no key update;
  if not found then
    return;
  end if;

  v_rev := personal_bump_v1(v_user);
  update sessions s
  set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = v_rev
  where s.id = p_session;
  return query select v_user, v_rev;
end
$function$
;

CREATE OR REPLACE FUNCTION settings_change_v2(p_user uuid, p_who text, p_accepts boolean, p_offline boolean, p_seen boolean, p_receipts boolean)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_was personal_settings;
  v_now personal_settings;
begin
  perform
  from conversation_heads h
  where h.conversation_id in (
    select c.id
    from memberships m
    join conversations c on c.id = m.conversation_id
    where m.user_id = p_user and c.kind = 'direct'
  )
  order by h.conversation_id
  for no key update;
  perform
  from users u
  where u.id = p_user
  for no key update;

  if not user_is_live_v1(p_user) then
    return query select p_user, null::bigint, 'refused', to_json('session_ended'::text);
    return;
  end if;

  v_was := settings_of_v1(p_user);
  v_now := v_was;
  v_now.who_may_message := coalesce(p_who, v_was.who_may_message);
  v_now.accepts_requests := coalesce(p_accepts, v_was.accepts_requests);
  v_now.appears_offline := coalesce(p_offline, v_was.appears_offline);
  v_now.shows_last_seen := coalesce(p_seen, v_was.shows_last_seen);
  v_now.sends_receipts := coalesce(p_receipts, v_was.sends_receipts);
  if v_now is not distinct from v_was then
    return query select p_user, null::bigint, 'exists', to_json(v_was);
    return;
  end if;

  v_now.feed_rev := personal_bump_v1(p_user);
  insert into personal_settings
  values (v_now.*)
  on conflict (user_id) do update
  set
    who_may_message = excluded.who_may_message,
    accepts_requests = excluded.accepts_requests,
    appears_offline = excluded.appears_offline,
    shows_last_seen = excluded.shows_last_seen,
    sends_receipts = excluded.sends_receipts,
    feed_rev = excluded.feed_rev;
  return query select p_user, v_now.feed_rev, 'settings', to_json(v_now);
end
$function$
;

CREATE OR REPLACE FUNCTION settings_of_v1(p_user uuid)
 RETURNS personal_settings
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  v_settings personal_settings;
begin
  select * into v_settings
  from personal_settings s
  where s.user_id = p_user;
  if not found then
    v_settings.user_id := p_user;
    v_settings.who_may_message := 'friends';
    v_settings.accepts_requests := true;
    v_settings.appears_offline := false;
    v_settings.shows_last_seen := true;
    v_settings.sends_receipts := true;
    v_settings.feed_rev := 0;
  end if;
  return v_settings;
end
$function$
;

CREATE OR REPLACE FUNCTION slow_mode_start_v1(p_conversation uuid, p_slow_mode_ms integer, p_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_after bigint := greatest(
    seq_before_v1(p_conversation, clock_timestamp() - p_slow_mode_ms * interval '1 millisecond'),
    p_seq - 5000
  );
begin
  insert into slow_marks (conversation_id, user_id, last_at)
  select m.conversation_id, m.author_id, max(m.created_at)
  from messages m
  where m.conversation_id = p_conversation and m.seq > v_after
  group by m.conversation_id, m.author_id
  on conflict (conversation_id, user_id) do update
  set last_at = greatest(slow_marks.last_at, excluded.last_at);
end
$function$
;

CREATE OR REPLACE FUNCTION slow_until_v1(p_conversation uuid, p_user uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select s.last_at + c.slow_mode_ms * interval '1 millisecond'
  from slow_marks s
  join conversations c on c.id = s.conversation_id
  where s.conversation_id = p_conversation and s.user_id = p_user
$function$
;

CREATE OR REPLACE FUNCTION slug_is_taken_v1(p_slug text, p_skeleton text, p_except uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
      select from conversations c
      where c.slug = p_slug and c.visibility is distinct from 'private' and c.id <> p_except
    )
    or exists (
      select from conversations c
      where c.slug_skeleton = p_skeleton and c.visibility is distinct from 'private' and c.id <> p_except
    )
    or exists (
      select from former_slugs f
      join conversations c on c.id = f.conversation_id
      where (f.slug = p_slug or f.slug_skeleton = p_skeleton)
        and c.visibility is distinct from 'private' and c.id <> p_except
    )
$function$
;

CREATE OR REPLACE FUNCTION slug_leave_v1(p_was conversations)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_slug text := (select c.slug from conversations c where c.id = p_was.id);
begin
  if v_slug is not distinct from p_was.slug then
    return;
  end if;
  delete from former_slugs f where f.slug = v_slug and f.conversation_id = p_was.id;
  insert into former_slugs (slug, conversation_id, slug_skeleton, left_at)
  values (p_was.slug, p_was.id, p_was.slug_skeleton, clock_timestamp())
  on conflict (slug, conversation_id) do update set left_at = excluded.left_at;
  delete from former_slugs f
  where f.conversation_id = p_was.id and f.left_at < (
    select x.left_at from former_slugs x where x.conversation_id = p_was.id order by x.left_at desc offset 4 limit 1
  );
end
$function$
;

CREATE OR REPLACE FUNCTION slugs_lock_v1(p_skeletons text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  v_key bigint;
begin
  for v_key in
    select distinct hashtextextended('slug ' || x.skeleton, 0) as key
    from unnest(p_skeletons) as x(skeleton)
    where x.skeleton is not null
    order by key
  loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION stored_time_v1(p_time timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select case when p_time is not null then date_trunc(
    'milliseconds', greatest(least(p_time, '2199-12-31 23:59:59.999Z'), timestamptz '2000-01-01 00:00:00Z')
  ) end
$function$
;

CREATE OR REPLACE FUNCTION user_anonymise_v1(p_user uuid, p_rev bigint)
 RETURNS personal_told_v1
 LANGUAGE sql
AS $function$
  update users u
  set
    display_name = null,
    tag = null,
    username = null,
    username_key = null,
    username_skeleton = null,
    password_hash = null,
    avatar_color = null,
    address_key = null,
    anonymised_at = clock_timestamp(),
    profile_rev = u.profile_rev + 1,
    feed_rev = p_rev
  where u.id = p_user
  returning u.id, u.feed_rev, 'user', author_json_v1(u)
$function$
;

CREATE OR REPLACE FUNCTION user_forget_v1(p_user uuid, p_reason text)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_id uuid;
  v_rev bigint;
begin
  perform
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  -- Before any personal head, as in session_end_v1.
  perform
  from sessions s
  where s.user_id = p_user and s.ended_at is null
  for no key update;

  for v_id in
    select x.id
    from (
      select p_user as id
      union all
      select f.other_id
      from friendships f
      where f.user_id = p_user and f.state <> 'none'
    ) x
    order by x.id
  loop
    v_rev := personal_bump_v1(v_id);
    if v_id = p_user then
      return query
        select a.user_id, a.rev, a.kind, a.data
        from user_anonymise_v1(p_user, v_rev) a;
      return query
        select e.user_id, e.rev, e.kind, e.data
        from user_sessions_end_v1(p_user, p_reason) e;
    else
      return query
        select w.user_id, w.rev, w.kind, w.data
        from friend_write_v1(v_id, p_user, 'none', null, v_rev, false) w;
    end if;
  end loop;

  delete from friendships f where f.user_id = p_user;
  delete from blocks b where b.user_id = p_user;
  delete from drafts d where d.user_id = p_user;
  delete from personal_settings s where s.user_id = p_user;
  delete from recovery_codes c where c.user_id = p_user;
  delete from former_names n where n.user_id = p_user;
  delete from username_looks l where l.user_id = p_user;
  delete from last_seen l where l.user_id = p_user;
  update memberships m
  set notices = null, quiet_until = null
  where m.user_id = p_user and (m.notices is not null or m.quiet_until is not null);
end
$function$
;

CREATE OR REPLACE FUNCTION user_is_live_v1(p_user uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from users u where u.id = p_user and u.anonymised_at is null)
$function$
;

CREATE OR REPLACE FUNCTION user_register_v1(p_user uuid, p_username text, p_key text, p_skeleton text, p_hash text)
 RETURNS TABLE(verdict text, rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_kind text;
  v_rev bigint;
  v_verdict text := 'registered';
begin
  select u.kind into v_kind
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;

  if v_kind <> 'guest' then
    v_verdict := 'member';
  else
    -- The exception rolls this block back, the rev included.
    begin
      v_rev := personal_bump_v1(p_user);
      update users u
      set
        kind = 'member',
        username = p_username,
        username_key = p_key,
        username_skeleton = p_skeleton,
        password_hash = p_hash,
        tag = null,
        profile_rev = u.profile_rev + 1,
        feed_rev = v_rev
      where u.id = p_user;
    exception when unique_violation then
      v_verdict := 'taken';
      v_rev := null;
    end;
  end if;

  return query
    select v_verdict, v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
    from users u
    where u.id = p_user;
end
$function$
;

CREATE OR REPLACE FUNCTION user_register_v2(p_user uuid, p_session uuid, p_successor uuid, p_username text, p_key text, p_skeleton text, p_hash text, p_ms bigint)
 RETURNS TABLE(verdict text, rev bigint, ended uuid[])
 LANGUAGE plpgsql
AS $function$
#variable_conflict use_column
declare
  v_kind text;
  v_rev bigint;
  v_verdict text := 'registered';
  v_ended uuid[];
begin
  select u.kind into v_kind
  from users u
  where u.id = p_user and u.anonymised_at is null
  for no key update;
  if not found then
    return;
  end if;
  if v_kind <> 'guest' then
    return query select 'member', null::bigint, null::uuid[];
    return;
  end if;
  -- Before the personal head, as in session_end_v1.
  select array_agg(l.id) into v_ended
  from (
    select s.id
    from sessions s
    where s.user_id = p_user and s.ended_at is null
    order by s.id
    for no key update
  ) l;
  if p_session = any (v_ended) is not true then
    return;
  end if;
  v_ended := array_remove(v_ended, p_session);

  -- The exception rolls this block back, the revs included.
  begin
    v_rev := personal_bump_v1(p_user);
    update users u
    set
      kind = 'member',
      username = p_username,
      username_key = p_key,
      username_skeleton = p_skeleton,
      password_hash = p_hash,
      tag = null,
      profile_rev = u.profile_rev + 1,
      feed_rev = v_rev
    where u.id = p_user;
    v_rev := personal_bump_v1(p_user);
    insert into sessions (id, user_id, label, expires_at, feed_rev)
    select p_successor, s.user_id, s.label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev
    from sessions s
    where s.id = p_session;
    update sessions s
    set replaced_by = p_successor, replaced_at = clock_timestamp()
    where s.id = p_session;
    update sessions s
    set replaced_by = p_successor, replaced_at = clock_timestamp(), ended_at = clock_timestamp()
    where s.id = any (v_ended);
    delete from recovery_codes c where c.user_id = p_user;
  exception when unique_violation then
    v_verdict := 'taken';
    v_rev := null;
    v_ended := null;
  end;
  return query select v_verdict, v_rev, v_ended;
end
$function$
;

CREATE OR REPLACE FUNCTION user_sessions_end_v1(p_user uuid, p_reason text)
 RETURNS SETOF personal_told_v1
 LANGUAGE sql
AS $function$
  select e.user_id, e.rev, e.kind, e.data
  from user_sessions_end_v2(p_user, p_reason, null) e
$function$
;

CREATE OR REPLACE FUNCTION user_sessions_end_v2(p_user uuid, p_reason text, p_kept uuid)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
declare
  v_session uuid;
begin
  for v_session in
    select s.id
    from sessions s
    where s.user_id = p_user and s.ended_at is null and s.id is distinct from p_kept
  loop
    return query
      update sessions s
      set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = personal_bump_v1(p_user)
      where s.id = v_session
      returning s.user_id, s.feed_rev, 'session', json_build_object('id', s.id, 'ended_at', s.ended_at);
  end loop;
end
$function$
;

CREATE OR REPLACE FUNCTION username_claim_v1(p_user uuid, p_looks text[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  v_look text;
begin
  for v_look in
    select distinct x.look collate "C" from unnest(p_looks) as x(look) order by 1
  loop
    perform pg_advisory_xact_lock(hashtextextended(v_look, 1800000012001));
  end loop;

  if username_is_taken_v1(p_user, p_looks) then
    return false;
  end if;
  delete from username_looks l
  where l.user_id = p_user
    and l.look <> all (p_looks)
    and exists (select from users u where u.id = p_user and u.username is null);
  insert into username_looks (look, user_id)
  select distinct x.look, p_user from unnest(p_looks) as x(look) where user_is_live_v1(p_user)
  on conflict (look, user_id) do update set claimed_at = clock_timestamp();
  return true;
end
$function$
;

CREATE OR REPLACE FUNCTION username_is_taken_v1(p_user uuid, p_looks text[])
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
      select
      from username_looks l
      join users u on u.id = l.user_id
      where l.look = any (p_looks)
        and l.user_id is distinct from p_user
        and (u.username is not null or l.claimed_at > clock_timestamp() - interval '1 minute')
    )
    -- Of names whose looks aren't filled in yet.
    or exists (
      select from users u where u.username_skeleton = any (p_looks) and u.id is distinct from p_user
    )
$function$
;

CREATE OR REPLACE FUNCTION users_json_v1(p_ids uuid[])
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(json_agg(author_json_v1(u)), '[]')
  from users u
  where u.id = any (p_ids)
$function$
;

CREATE OR REPLACE FUNCTION write_refusal_v1(p_kind text, p_conversation conversations, p_member memberships, p_author users, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    refusal_v1(p_conversation.kind, p_member.state, p_member.muted_until, p_kind <> 'delete', p_now),
    room_refusal_v1(
      p_kind, p_conversation.archived_at, p_conversation.is_announcement, p_conversation.guest_access, p_member.role,
      p_author.kind
    ),
    case when p_conversation.kind = 'direct' and p_kind <> 'delete' then direct_refusal_v1(
      p_author.id,
      case when p_conversation.direct_low = p_author.id
        then p_conversation.direct_high
        else p_conversation.direct_low
      end
    ) end
  )
$function$
;

