-- The database after all migrations, as Postgres describes it. Made by npm run docs.

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
  constraint timelines_pkey PRIMARY KEY (only_row),
  constraint timelines_only_row_check CHECK (only_row)
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

CREATE INDEX friendships_rev ON friendships USING btree (user_id, feed_rev);

CREATE INDEX link_previews_age ON link_previews USING btree (fetched_at);

CREATE INDEX memberships_invited ON memberships USING btree (invited_by) WHERE (state = 'invited'::text);

CREATE INDEX memberships_rev ON memberships USING btree (conversation_id, rev);

CREATE INDEX memberships_user ON memberships USING btree (user_id, conversation_id);

CREATE INDEX message_keys_age ON message_keys USING brin (created_at);

CREATE UNIQUE INDEX message_terms_by_ord ON message_terms USING btree (ord);

CREATE INDEX message_terms_terms ON message_terms USING gin (terms) WITH (fastupdate='on', gin_pending_list_limit='1024');

CREATE INDEX messages_pinned ON messages USING btree (conversation_id, pinned_at) WHERE (pinned_at IS NOT NULL);

CREATE INDEX messages_rev ON messages USING btree (conversation_id, rev);

CREATE INDEX preview_jobs_due ON preview_jobs USING btree (due_at);

CREATE INDEX reactions_rev ON reactions USING btree (conversation_id, rev);

CREATE INDEX recovery_codes_user ON recovery_codes USING btree (user_id);

CREATE INDEX room_activity_at ON room_activity USING btree (at DESC, conversation_id DESC);

CREATE INDEX room_invites_conversation ON room_invites USING btree (conversation_id, created_at);

CREATE INDEX sessions_user ON sessions USING btree (user_id);

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
    m.preview
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

CREATE OR REPLACE FUNCTION author_json_v1(p_user users)
 RETURNS json
 LANGUAGE sql
 IMMUTABLE
AS $function$
        select json_build_object('id', p_user.id, 'kind', p_user.kind, 'display_name', p_user.display_name,
          'tag', p_user.tag, 'username', p_user.username, 'profile_rev', p_user.profile_rev, 'avatar_color', p_user.avatar_color)
      $function$
;

CREATE OR REPLACE FUNCTION block_change_v1(p_user uuid, p_other uuid, p_level text, p_blocks integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_was blocks;
        v_rev bigint;
        v_other_rev bigint;
        v_ends boolean;
      begin
        perform lock_pair_v1(p_user, p_other);
        select * into v_was from blocks b where b.user_id = p_user and b.other_id = p_other;
        if p_user = p_other or not exists (select from users u where u.id = p_other) then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if coalesce(v_was.level, 'none') = p_level then
          return query select p_user, null::bigint, 'exists', json_build_object('other_id', p_other, 'level', p_level);
          return;
        end if;
        if p_level <> 'none' and coalesce(v_was.level, 'none') = 'none'
            and (select count(*) from blocks b where b.user_id = p_user and b.level <> 'none') >= p_blocks then
          return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
          return;
        end if;
        v_ends := p_level = 'blocked' and exists (select from friendships f
          where f.user_id = p_user and f.other_id = p_other and f.state <> 'none');
        if v_ends and p_other < p_user then
          v_other_rev := personal_bump_v1(p_other);
        end if;
        v_rev := personal_bump_v1(p_user);
        if v_ends and p_other > p_user then
          v_other_rev := personal_bump_v1(p_other);
        end if;
        return query
          insert into blocks as b (user_id, other_id, level, address_key, at, feed_rev)
          select p_user, p_other, p_level, case when p_level = 'blocked' and u.kind = 'guest' then u.address_key end, clock_timestamp(), v_rev
          from users u where u.id = p_other
          on conflict (user_id, other_id) do update set level = excluded.level, address_key = excluded.address_key,
            at = excluded.at, feed_rev = excluded.feed_rev
          returning b.user_id, b.feed_rev, 'block', to_json(b);
        if v_ends then
          -- A rev of its own: every change of a feed has one.
          return query select * from friend_write_v1(p_user, p_other, 'none', null, personal_bump_v1(p_user), false);
          return query select * from friend_write_v1(p_other, p_user, 'none', null, v_other_rev, false);
        end if;
        if p_level = 'blocked' then
          update memberships m set has_written = false from conversations c
          where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other) and m.conversation_id = c.id;
        end if;
      end
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
          return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, false, '[]'::json, '[]'::json;
          return;
        end if;
        select array_agg(distinct x.seq), count(*) into v_seqs, v_rows from (
          (select m.seq from messages m where m.conversation_id = p_conversation and m.rev > p_rev and m.seq > v_state.floor_seq limit p_reset + 1)
          union all
          (select r.seq from reactions r where r.conversation_id = p_conversation and r.rev > p_rev and r.seq > v_state.floor_seq limit p_reset + 1)
        ) x;
        if p_rev > v_state.rev or v_rows > p_reset then
          return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', true, false, '[]'::json, '[]'::json;
          return;
        end if;

        with changed as (
          select case when s.deleted_at is null then 'message' else 'deleted' end as kind, s.rev, to_json(s) as data, s.author_id as user_id
          from message_states_v1 s where s.conversation_id = p_conversation and s.seq = any (v_seqs)
          union all
          select 'member', m.rev, to_json(m), m.user_id
          from memberships m where m.conversation_id = p_conversation and m.rev > p_rev
          union all
          select 'settings', v_state.settings_rev, to_json(v_state), null where v_state.settings_rev > p_rev
          union all
          select 'floor', v_state.floor_rev, to_json(v_state), null where v_state.floor_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select (select count(*) from changed), json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev),
          array_agg(distinct p.user_id) || array_agg(distinct (p.data -> 'quote' ->> 'authorId')::uuid)
        into v_total, v_changes, v_users from page p;
        return query select v_state.seq, v_state.rev, v_state.floor_seq, v_state.kind <> 'lobby', false, v_total > p_limit,
          coalesce(v_changes, '[]'), users_json_v1(v_users);
      end
      $function$
;

CREATE OR REPLACE FUNCTION conversation_settings_v1(p_conversation uuid, p_title text, p_slow_mode_ms integer, p_retention_ms bigint)
 RETURNS TABLE(rev bigint)
 LANGUAGE plpgsql
AS $function$
      #variable_conflict use_column
      declare
        v_rev bigint;
      begin
        update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v_rev;
        update conversations c set title = p_title, slow_mode_ms = p_slow_mode_ms, retention_ms = p_retention_ms, settings_rev = v_rev
          where c.id = p_conversation;
        return query select v_rev where v_rev is not null;
      end
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
        perform from users u where u.id in (p_user, p_other) order by u.id for no key update;
        select c.id into v_id from conversations c
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
        values (p_id, 'direct', least(p_user, p_other), greatest(p_user, p_other), case when p_user = p_other then 1 else 2 end);
        insert into conversation_heads (conversation_id) values (p_id);
        return query select p_user, null::bigint, 'opened', json_build_object('id', p_id, 'is_new', true);
        for v_user in select distinct x.id from unnest(array[p_user, p_other]) as x(id) order by x.id loop
          v_rev := personal_bump_v1(v_user);
          return query insert into memberships as m (conversation_id, user_id, state, feed_rev)
            values (p_id, v_user, 'joined', v_rev) returning m.user_id, m.feed_rev, 'membership', to_json(m);
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
          when not exists (select from users u where u.id = p_other and u.anonymised_at is null) then 'person_gone'
          when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
          when exists (select from friendships f where f.user_id = p_other and f.other_id = p_user and f.state = 'friend') then null
          when exists (select from memberships m join conversations c on c.id = m.conversation_id
            where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other)
              and m.user_id = p_other and m.has_written) then null
          else (
            select case coalesce((select s.who_may_message from personal_settings s where s.user_id = p_other), 'friends')
              when 'anyone' then null
              when 'rooms' then case when exists (
                select from memberships a join memberships b on b.conversation_id = a.conversation_id
                  join conversations c on c.id = a.conversation_id
                where a.user_id = p_other and a.state = 'joined' and b.user_id = p_user and b.state = 'joined' and c.kind in ('room', 'group')
              ) then null else 'not_accepting' end
              else 'not_accepting'
            end)
        end
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
        for v_draft in select o.c, o.u, o.body from json_to_recordset(p_drafts) as o(c uuid, u uuid, body text) order by o.u, o.c loop
          if not exists (select from conversations c left join memberships m on m.conversation_id = c.id and m.user_id = v_draft.u
              where c.id = v_draft.c and case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end) then
            return query select v_draft.u, null::bigint, 'refused', json_build_object('conversation_id', v_draft.c);
          elsif v_draft.body is not distinct from coalesce((select d.body from drafts d where d.user_id = v_draft.u and d.conversation_id = v_draft.c), '') then
            return query select v_draft.u, coalesce((select h.rev from personal_heads h where h.user_id = v_draft.u), 0),
              'exists', json_build_object('conversation_id', v_draft.c);
          else
            v_rev := personal_bump_v1(v_draft.u);
            return query insert into drafts as d (user_id, conversation_id, body, feed_rev) values (v_draft.u, v_draft.c, v_draft.body, v_rev)
              on conflict (user_id, conversation_id) do update set body = excluded.body, feed_rev = excluded.feed_rev
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
            when p_invite.revoked_at is not null or p_invite.expires_at <= clock_timestamp() or p_invite.uses >= p_invite.max_uses then 'invite_ended'
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
        v_epoch uuid;
      begin
        select t.epoch into v_epoch from timelines t where t.system_identifier = v_system and t.timeline = v_timeline;
        if found then
          return v_epoch;
        end if;
        insert into timelines as t (system_identifier, timeline) values (v_system, v_timeline)
        on conflict (only_row) do update
          set epoch = gen_random_uuid(), system_identifier = v_system, timeline = v_timeline
          where t.system_identifier <> v_system or t.timeline <> v_timeline;
        select t.epoch into v_epoch from timelines t;
        return v_epoch;
      end
      $function$
;

CREATE OR REPLACE FUNCTION floor_raise_v1(p_conversation uuid, p_floor_seq bigint)
 RETURNS TABLE(rev bigint, floor_seq bigint)
 LANGUAGE sql
AS $function$
        update conversation_heads h set rev = h.rev + 1, floor_rev = h.rev + 1, floor_seq = p_floor_seq
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
        v_other_state text;
        v_code text;
        v_revs bigint[] := '{}';
        v_id uuid;
      begin
        perform lock_pair_v1(p_user, p_other);
        -- The snapshot of each statement from here on is newer than the locks.
        select * into v_mine from friendships f where f.user_id = p_user and f.other_id = p_other;
        select * into v_theirs from friendships f where f.user_id = p_other and f.other_id = p_user;
        v_state := coalesce(v_mine.state, 'none');

        if p_verb = 'request' and v_state in ('none', 'received') then
          v_code := case
            when not exists (select from users u where u.id = p_other and u.anonymised_at is null) then 'not_found'
            when has_blocked_v1(p_other, p_user) or has_blocked_v1(p_user, p_other) then 'not_accepting'
            when v_state = 'received' then null
            when exists (select from users u where u.id = p_other and u.kind = 'bot') then 'not_accepting'
            when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_other), true) then 'not_accepting'
            when v_theirs.declined_at > clock_timestamp() - p_declined_ms * interval '1 millisecond' then 'not_accepting'
            when (select count(*) from friendships f where f.user_id = p_other and f.state = 'received') >= p_friends then 'not_accepting'
            when (select count(*) from friendships f where f.user_id = p_user and f.state = 'sent') >= p_open then 'limit_reached'
          end;
          -- Requests that cross make friends at once.
          v_other_state := case when v_state = 'received' then 'friend' else 'received' end;
          v_state := case when v_state = 'received' then 'friend' else 'sent' end;
        elsif p_verb = 'accept' and v_state <> 'friend' then
          v_code := case when v_state <> 'received' then 'not_found' end;
          v_state := 'friend';
          v_other_state := 'friend';
        elsif (p_verb = 'decline' and v_state = 'received') or (p_verb = 'withdraw' and v_state = 'sent')
            or (p_verb = 'remove' and v_state = 'friend') then
          v_state := 'none';
          v_other_state := 'none';
        end if;
        if v_code is null and v_other_state = 'friend' and exists (
            select from friendships f where f.user_id in (p_user, p_other) and f.state = 'friend' group by f.user_id having count(*) >= p_friends) then
          v_code := 'limit_reached';
        end if;
        if v_code is not null then
          return query select p_user, null::bigint, 'refused', to_json(v_code);
          return;
        end if;
        if v_other_state is null then
          if v_mine.user_id is null then
            v_mine := row(p_user, p_other, 'none', null, clock_timestamp(), null, 0)::friendships;
          end if;
          return query select p_user, null::bigint, 'exists', to_json(v_mine);
          return;
        end if;

        foreach v_id in array array[least(p_user, p_other), greatest(p_user, p_other)] loop
          v_revs := v_revs || personal_bump_v1(v_id);
        end loop;
        return query select * from friend_write_v1(p_user, p_other, v_state, case when v_state = 'sent' then p_note end,
          v_revs[case when p_user < p_other then 1 else 2 end], p_verb = 'decline');
        return query select * from friend_write_v1(p_other, p_user, v_other_state, case when v_other_state = 'received' then p_note end,
          v_revs[case when p_user < p_other then 2 else 1 end], false);
        if p_verb = 'remove' then
          update memberships m set has_written = false from conversations c
          where c.direct_low = least(p_user, p_other) and c.direct_high = greatest(p_user, p_other) and m.conversation_id = c.id;
        end if;
      end
      $function$
;

CREATE OR REPLACE FUNCTION friend_write_v1(p_user uuid, p_other uuid, p_state text, p_note text, p_rev bigint, p_declined boolean)
 RETURNS personal_told_v1
 LANGUAGE sql
AS $function$
        insert into friendships as f (user_id, other_id, state, note, at, declined_at, feed_rev)
        values (p_user, p_other, p_state, p_note, clock_timestamp(), case when p_declined then clock_timestamp() end, p_rev)
        on conflict (user_id, other_id) do update set state = excluded.state, note = excluded.note, at = excluded.at,
          declined_at = coalesce(excluded.declined_at, case when excluded.state = 'none' then f.declined_at end), feed_rev = excluded.feed_rev
        returning f.user_id, f.feed_rev, 'friend', to_json(f)
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
        v_other uuid;
        v_code text;
        v_is_friend boolean;
        v_user uuid;
        v_role text;
        v_state text;
      begin
        -- Alone in its statement: what follows must see what was committed while this waited.
        perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
        if p_verb = 'add' then
          perform from users u where u.id in (p_actor, p_user) order by u.id for no key update;
        end if;
        select c.kind into v_kind from conversations c where c.id = p_conversation;
        select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        v_is_friend := exists (select from friendships f where f.user_id = p_actor and f.other_id = p_user and f.state = 'friend');
        v_code := case
          when v_kind is distinct from 'group' then 'not_found'
          when p_verb = 'join' then case when v_was.state = 'joined' then 'exists' when v_was.state is distinct from 'invited' then 'not_found' end
          when p_verb = 'leave' then case when v_was.state is null then 'not_found' when v_was.state not in ('joined', 'invited') then 'exists' end
          when v_actor.state is distinct from 'joined' then 'not_found'
          when p_verb = 'add' then case
            when v_was.state in ('joined', 'invited') then 'exists'
            when v_was.state = 'banned' then 'not_accepting'
            when group_refusal_v1(p_actor, p_user) is not null then group_refusal_v1(p_actor, p_user)
            when (select count(*) from memberships m where m.conversation_id = p_conversation and m.state in ('joined', 'invited')) >= p_most then 'limit_reached'
            when not v_is_friend and (select count(*) from memberships m where m.invited_by = p_actor and m.state = 'invited') >= p_invitations then 'limit_reached'
          end
          when p_verb = 'remove' then case
            when v_was.state is null then 'not_found'
            when p_user = p_actor then 'forbidden'
            when v_actor.role <> 'owner' and not (v_was.state = 'invited' and v_was.invited_by = p_actor) then 'forbidden'
            when v_was.state not in ('joined', 'invited') then 'exists'
          end
          when p_verb = 'hand_over' then case
            when v_actor.role <> 'owner' then 'forbidden'
            when v_was.state is distinct from 'joined' then 'not_found'
            when v_was.role = 'owner' then 'exists'
          end
        end;
        if v_code is not null then
          return query select v_code, false, p_user, null::bigint, null::bigint, to_json(v_was);
          return;
        end if;
        -- Whose role changes with it: the owner's before, or whoever was there first after one who leaves.
        v_other := case
          when p_verb = 'hand_over' then p_actor
          when p_verb = 'leave' and v_was.role = 'owner' then (select m.user_id from memberships m where m.conversation_id = p_conversation
            and m.state = 'joined' and m.user_id <> p_user order by m.joined_at, m.user_id limit 1)
        end;
        for v_user in select x.id from unnest(array[p_user, v_other]) as x(id) where x.id is not null order by x.id loop
          v_role := case
            when p_verb = 'hand_over' and v_user = p_user then 'owner'
            when p_verb = 'leave' and v_user = v_other then 'owner'
            else 'member'
          end;
          v_state := case
            when v_user = v_other or p_verb in ('join', 'hand_over') then 'joined'
            when p_verb = 'add' then case when v_is_friend then 'joined' else 'invited' end
            else 'left'
          end;
          return query select * from member_write_v1(p_conversation, v_user, v_role, v_state, case when p_verb = 'add' then p_actor end);
        end loop;
      end
      $function$
;

CREATE OR REPLACE FUNCTION group_create_v1(p_actor uuid, p_id uuid, p_title text, p_color text, p_users uuid[], p_most integer, p_per_day integer, p_invitations integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_user uuid;
        v_code text;
        v_strangers integer;
      begin
        perform from users u where u.id = p_actor or u.id = any (p_users) order by u.id for no key update;
        if exists (select from conversations c where c.id = p_id) then
          v_code := case when exists (select from conversations c where c.id = p_id and c.created_by = p_actor) then 'exists' else 'id_taken' end;
        end if;
        select count(*) into v_strangers from unnest(p_users) as x(id) where x.id <> p_actor and not exists (
          select from friendships f where f.user_id = p_actor and f.other_id = x.id and f.state = 'friend');
        v_code := coalesce(v_code,
          (select group_refusal_v1(p_actor, x.id) as code from unnest(p_users) as x(id)
            where x.id <> p_actor and group_refusal_v1(p_actor, x.id) is not null limit 1),
          case
            when (select count(distinct x.id) from unnest(p_users || p_actor) as x(id)) > p_most then 'limit_reached'
            when (select count(*) from conversations c where c.created_by = p_actor and c.created_at > now() - interval '1 day') >= p_per_day then 'limit_reached'
            when v_strangers > 0 and v_strangers + (select count(*) from memberships m where m.invited_by = p_actor and m.state = 'invited') > p_invitations
              then 'limit_reached'
          end);
        if v_code is not null then
          return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
          return;
        end if;
        insert into conversations (id, kind, title, color, created_by) values (p_id, 'group', p_title, p_color, p_actor);
        insert into conversation_heads (conversation_id) values (p_id);
        -- All heads are locked in order, so that they may be written in another: an invitation counts who is in by then.
        insert into personal_heads (user_id) select distinct x.id from unnest(p_users || p_actor) as x(id) order by x.id on conflict do nothing;
        perform from personal_heads h where h.user_id = any (p_users || p_actor) order by h.user_id for no key update;
        for v_user in select x.id from (select distinct y.id, y.id = p_actor or exists (select from friendships f
            where f.user_id = p_actor and f.other_id = y.id and f.state = 'friend') as joins from unnest(p_users || p_actor) as y(id)) x
            order by x.joins desc, x.id loop
          return query select * from member_write_v1(p_id, v_user, case when v_user = p_actor then 'owner' else 'member' end,
            case when v_user = p_actor or exists (select from friendships f where f.user_id = p_actor and f.other_id = v_user and f.state = 'friend')
              then 'joined' else 'invited' end, case when v_user <> p_actor then p_actor end);
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
          when not exists (select from users u where u.id = p_user and u.anonymised_at is null) then 'not_found'
          when has_blocked_v1(p_user, p_actor) or has_blocked_v1(p_actor, p_user) then 'not_accepting'
          when exists (select from friendships f where f.user_id = p_actor and f.other_id = p_user and f.state = 'friend') then null
          when exists (select from users u where u.id = p_user and u.kind = 'bot') then 'not_accepting'
          when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_user), true) then 'not_accepting'
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
        perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
        select * into v_was from conversations c where c.id = p_conversation;
        select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
        if v_was.kind is distinct from 'group' or v_actor.state is distinct from 'joined' then
          return query select 'not_found', null::bigint;
        elsif v_actor.role <> 'owner' then
          return query select 'forbidden', null::bigint;
        elsif coalesce(p_title, v_was.title) is distinct from v_was.title or coalesce(p_color, v_was.color) is distinct from v_was.color then
          update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v_rev;
          update conversations c set title = coalesce(p_title, c.title), color = coalesce(p_color, c.color), settings_rev = v_rev
          where c.id = p_conversation;
          return query select null, v_rev;
        else
          return query select null, null::bigint;
        end if;
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
        select u.id into v_user from users u
        where u.kind = 'guest' and u.anonymised_at is null
          and u.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
          and not exists (select from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > now())
        order by u.last_seen_at limit 1
        for no key update of u skip locked;
        return query select * from user_forget_v1(v_user, 'expired');
      end
      $function$
;

CREATE OR REPLACE FUNCTION has_blocked_v1(p_user uuid, p_other uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
        select exists (select from blocks b where b.user_id = p_user and b.other_id = p_other and b.level = 'blocked')
          or exists (
            select from users u join blocks b on b.user_id = p_user and b.address_key = u.address_key
            where u.id = p_other and u.kind = 'guest' and u.address_key is not null
              and b.level = 'blocked' and u.created_at > b.at and b.at > now() - interval '1 day')
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
        v_code := coalesce(invite_refusal_v1(p_conversation, p_actor), case
          when (select c.archived_at from conversations c where c.id = p_conversation) is not null then 'archived'
          when (select count(*) from room_invites i where i.conversation_id = p_conversation and invite_is_open_v1(i)) >= p_most then 'limit_reached'
        end);
        if v_code is null then
          insert into room_invites as i (id, conversation_id, token_hash, created_by, created_at, expires_at, max_uses)
          values (p_id, p_conversation, p_hash, p_actor, date_trunc('milliseconds', clock_timestamp()),
            clock_timestamp() + p_expires_ms * interval '1 millisecond', p_max_uses) returning i.* into v_invite;
        end if;
        return query select v_code, to_json(v_invite);
      end
      $function$
;

CREATE OR REPLACE FUNCTION invite_is_open_v1(p_invite room_invites)
 RETURNS boolean
 LANGUAGE sql
AS $function$
        select p_invite.revoked_at is null and coalesce(p_invite.expires_at > clock_timestamp(), true)
          and coalesce(p_invite.uses < p_invite.max_uses, true)
      $function$
;

CREATE OR REPLACE FUNCTION invite_refusal_v1(p_conversation uuid, p_actor uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
        select case coalesce((select m.role from memberships m join conversations c on c.id = m.conversation_id
            where m.conversation_id = p_conversation and m.user_id = p_actor and m.state = 'joined' and c.kind = 'room'), 'nobody')
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
          update room_invites i set revoked_at = coalesce(i.revoked_at, clock_timestamp())
          where i.conversation_id = p_conversation and i.id = p_id returning i.* into v_invite;
          v_code := case when v_invite.id is null then 'not_found' end;
        end if;
        return query select v_code, to_json(v_invite);
      end
      $function$
;

CREATE OR REPLACE FUNCTION last_message_v1(p_conversation uuid, p_seq bigint, p_characters integer)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
        select json_build_object('seq', m.seq, 'author_id', m.author_id, 'body', left(m.body, p_characters), 'created_at', m.created_at,
          'is_deleted', m.deleted_at is not null)
        from messages m where m.conversation_id = p_conversation and m.seq = p_seq
      $function$
;

CREATE OR REPLACE FUNCTION lock_pair_v1(p_one uuid, p_two uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      begin
        perform from conversation_heads h where h.conversation_id = (select c.id from conversations c
          where c.direct_low = least(p_one, p_two) and c.direct_high = greatest(p_one, p_two)) for no key update;
        perform from users u where u.id in (p_one, p_two) order by u.id for no key update;
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
        with op as materialized (
          select o.i, o.c as conversation_id, o.u as user_id, o.id, o.body, o.r as reply_to, coalesce(o.f, false) as is_forwarded,
            row_number() over (partition by o.c, o.id order by o.i) as repeat
          from json_to_recordset(p_sends) as o(i integer, c uuid, u uuid, id uuid, body text, r uuid, f boolean)
          where o.c = any (p_locked)
        ), judged as materialized (
          select op.*, h.seq as head_seq, h.rev as head_rev, h.floor_seq, h.last_at, c.slow_mode_ms, m.muted_until,
            c.kind = 'direct' and not m.has_written as is_first, key.seq as key_seq, slow.last_at as slow_at, author_json_v1(author) as author, answered.seq as reply_seq,
            case
              when op.repeat > 1 then 'again'
              when key.id is not null and (key.author_id <> op.user_id or key.is_edit) then 'id_taken'
              when key.id is not null and key.seq > h.floor_seq then 'exists'
              when key.id is not null then 'expired'
              when author.id is null then 'session_ended'
              else coalesce(refusal_v1(c.kind, m.state, m.muted_until, true, v_now),
                room_refusal_v1('send', c.archived_at, c.is_announcement, c.guest_access, m.role, author.kind),
                case when c.kind = 'direct' then direct_refusal_v1(op.user_id,
                  case when c.direct_low = op.user_id then c.direct_high else c.direct_low end) end,
                case when c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member'
                  and slow.last_at + c.slow_mode_ms * interval '1 millisecond' > v_now then 'slow_mode' end,
                -- What was deleted meanwhile can still be answered; what was never said here cannot.
                case when op.reply_to is not null and answered.id is null and not exists (select from op e
                  where e.conversation_id = op.conversation_id and e.id = op.reply_to and e.i < op.i) then 'reply_unknown' end)
            end as outcome,
            c.slow_mode_ms > 0 and coalesce(m.role, 'member') = 'member' as is_slowed
          from op
          join conversation_heads h on h.conversation_id = op.conversation_id
          join conversations c on c.id = op.conversation_id
          left join users author on author.id = op.user_id and author.anonymised_at is null
          left join memberships m on m.conversation_id = op.conversation_id and m.user_id = op.user_id
          left join message_keys key on key.conversation_id = op.conversation_id and key.id = op.id
          left join message_keys answered on answered.conversation_id = op.conversation_id and answered.id = op.reply_to and not answered.is_edit
          left join slow_marks slow on slow.conversation_id = op.conversation_id and slow.user_id = op.user_id
        ), paced as materialized (
          -- Slow mode sees the earlier rows of this batch too.
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
            -- What is answered may stand in this batch.
            case when q.reply_to is not null then coalesce(q.reply_seq, (select e.head_seq + e.n from numbered e
              where e.is_new and e.conversation_id = q.conversation_id and e.id = q.reply_to)) end as answers_seq
          from numbered q where q.is_new
        ), keys as (
          insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
          select a.conversation_id, a.id, a.seq, a.user_id, false, a.at from accepted a
        ), rows as (
          insert into messages (conversation_id, seq, id, author_id, rev, body, created_at, reply_to, reply_seq, is_forwarded)
          select a.conversation_id, a.seq, a.id, a.user_id, a.rev, a.body, a.at, a.reply_to, a.answers_seq, a.is_forwarded from accepted a
        ), heads as (
          update conversation_heads h set seq = a.seq, rev = a.rev, last_at = a.at
          from (select distinct on (x.conversation_id) x.* from accepted x order by x.conversation_id, x.n desc) a
          where h.conversation_id = a.conversation_id
        ), written as (
          -- Who writes to somebody takes the answer.
          update memberships m set has_written = true from accepted a
          where a.is_first and m.conversation_id = a.conversation_id and m.user_id = a.user_id
        ), marks as (
          insert into slow_marks (conversation_id, user_id, last_at)
          select a.conversation_id, a.user_id, a.at from accepted a where a.is_slowed
          on conflict (conversation_id, user_id) do update set last_at = excluded.last_at
        )
        select q.i,
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
          case when q.code = 'exists' then (select to_json(s) from message_states_v1 s
            where s.conversation_id = q.conversation_id and s.seq = q.key_seq) end,
          null::integer, q.author,
          case when q.is_new and q.reply_seq is not null then quote_v1(q.conversation_id, q.reply_seq) end,
          case when q.is_new and q.reply_seq is not null then (select author_json_v1(u) from messages t join users u on u.id = t.author_id
            where t.conversation_id = q.conversation_id and t.seq = q.reply_seq) end
        from numbered q;
      end
      $function$
;

CREATE OR REPLACE FUNCTION log_change_v1(p_i integer, p_kind text, p_conversation uuid, p_user uuid, p_id uuid, p_body text, p_edit_id uuid, p_emoji text, p_on boolean, p_reaction_kinds integer)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
        v log_verdict_v1;
        v_key message_keys;
        v_edit message_keys;
        v_row messages;
        v_conversation conversations;
        v_member memberships;
        v_author users;
        v_floor bigint;
        v_was_on boolean;
      begin
        v.i := p_i;
        v.verdict := 'refused';
        select * into v_conversation from conversations c where c.id = p_conversation;
        select h.floor_seq into v_floor from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_key from message_keys k where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit;
        select * into v_row from messages m
          where m.conversation_id = p_conversation and m.seq = v_key.seq and m.seq > v_floor;
        select * into v_member from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        select * into v_author from users u where u.id = p_user and u.anonymised_at is null;
        v.seq := v_row.seq;
        v.author := author_json_v1(v_author);

        -- The key first: a repeat gets the message as it stands and writes nothing.
        if p_kind = 'edit' then
          select * into v_edit from message_keys k where k.conversation_id = p_conversation and k.id = p_edit_id;
        end if;
        select x.is_on into v_was_on from reactions x
          where x.conversation_id = p_conversation and x.seq = v_row.seq and x.user_id = p_user and x.emoji = p_emoji;

        v.code := case
          when v_author.id is null then 'session_ended'
          when v_row.seq is null then 'not_found'
          when v_edit.id is not null and (not v_edit.is_edit or v_edit.author_id <> p_user or v_edit.seq <> v_row.seq) then 'id_taken'
        end;
        if v.code is not null then
          return v;
        end if;
        if v_edit.id is not null or (p_kind = 'delete' and v_row.deleted_at is not null and v_row.author_id = p_user) then
          v.verdict := 'exists';
        else
          v.code := coalesce(
            refusal_v1(v_conversation.kind, v_member.state, v_member.muted_until, p_kind <> 'delete', v_now),
            room_refusal_v1(p_kind, v_conversation.archived_at, v_conversation.is_announcement, v_conversation.guest_access,
              v_member.role, v_author.kind),
            case when v_conversation.kind = 'direct' and p_kind <> 'delete' then direct_refusal_v1(p_user,
              case when v_conversation.direct_low = p_user then v_conversation.direct_high else v_conversation.direct_low end) end,
            case
              when p_kind = 'edit' and v_row.author_id <> p_user then 'forbidden'
              when p_kind = 'delete' and v_row.author_id <> p_user and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when p_kind = 'pin' and v_conversation.kind in ('room', 'lobby') and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when v_row.deleted_at is not null then 'not_found'
              when p_kind = 'react' and p_on and (select count(distinct x.emoji) from reactions x
                where x.conversation_id = p_conversation and x.seq = v_row.seq and x.is_on and x.emoji <> p_emoji) >= p_reaction_kinds
                then 'too_many_reactions'
              when p_kind = 'pin' and p_on and v_row.pinned_at is null and (select count(*) from messages m
                where m.conversation_id = p_conversation and m.pinned_at is not null and m.seq > v_floor) >= p_reaction_kinds then 'limit_reached'
            end);
          if v.code is not null then
            v.retry_after_ms := case v.code when 'muted' then milliseconds_until_v1(v_member.muted_until, v_now) end;
            return v;
          end if;
        end if;
        -- A reaction or a pin has no key: its repeat is known by its state, after authority, as the answer shows others' words.
        if p_kind = 'react' and coalesce(v_was_on, false) = p_on or p_kind = 'pin' and (v_row.pinned_at is not null) = p_on then
          v.verdict := 'exists';
        end if;

        if v.verdict <> 'exists' then
          update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v.rev;
          v.at := greatest(v_now, v_row.created_at);
          if p_kind = 'edit' then
            insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
              values (p_conversation, p_edit_id, v_row.seq, p_user, true, v.at);
            update messages m set body = p_body, edited_at = v.at, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'delete' then
            delete from reactions x where x.conversation_id = p_conversation and x.seq = v_row.seq;
            update messages m set body = '', edited_at = null, deleted_at = v.at, pinned_at = null, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'pin' then
            update messages m set pinned_at = case when p_on then v.at end, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          else
            insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
              values (p_conversation, v_row.seq, p_user, p_emoji, p_on, v.rev)
              on conflict (conversation_id, seq, user_id, emoji) do update set is_on = p_on, rev = excluded.rev;
            select count(*) into v.count from reactions x
              where x.conversation_id = p_conversation and x.seq = v_row.seq and x.emoji = p_emoji and x.is_on;
          end if;
          v.verdict := 'stored';
        end if;
        select to_json(s) into v.message from message_states_v1 s
          where s.conversation_id = p_conversation and s.seq = v_row.seq;
        return v;
      end
      $function$
;

CREATE OR REPLACE FUNCTION log_change_v2(p_i integer, p_kind text, p_conversation uuid, p_user uuid, p_id uuid, p_body text, p_edit_id uuid, p_emoji text, p_on boolean, p_preview json, p_most integer)
 RETURNS log_verdict_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_now timestamptz := date_trunc('milliseconds', clock_timestamp());
        v log_verdict_v1;
        v_key message_keys;
        v_edit message_keys;
        v_row messages;
        v_conversation conversations;
        v_member memberships;
        v_author users;
        v_floor bigint;
        v_was_on boolean;
      begin
        v.i := p_i;
        v.verdict := 'refused';
        select * into v_conversation from conversations c where c.id = p_conversation;
        select h.floor_seq into v_floor from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_key from message_keys k where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit;
        select * into v_row from messages m
          where m.conversation_id = p_conversation and m.seq = v_key.seq and m.seq > v_floor;
        select * into v_member from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        select * into v_author from users u where u.id = p_user and u.anonymised_at is null;
        v.seq := v_row.seq;
        v.author := author_json_v1(v_author);

        -- The server's own word on a message: it asks nobody, and what changed meanwhile makes it void.
        if p_kind = 'preview' and (v_row.seq is null or v_row.deleted_at is not null or v_conversation.kind = 'match'
            or v_conversation.archived_at is not null or v_row.preview is not null
            -- Made of another text than the one that stands there now.
            or encode(sha256(convert_to(v_row.body, 'UTF8')), 'hex') <> p_body) then
          v.verdict := 'exists';
          return v;
        end if;

        -- The key first: a repeat gets the message as it stands and writes nothing.
        if p_kind = 'edit' then
          select * into v_edit from message_keys k where k.conversation_id = p_conversation and k.id = p_edit_id;
        end if;
        select x.is_on into v_was_on from reactions x
          where x.conversation_id = p_conversation and x.seq = v_row.seq and x.user_id = p_user and x.emoji = p_emoji;

        v.code := case
          when p_kind = 'preview' then null
          when v_author.id is null then 'session_ended'
          when v_row.seq is null then 'not_found'
          when v_edit.id is not null and (not v_edit.is_edit or v_edit.author_id <> p_user or v_edit.seq <> v_row.seq) then 'id_taken'
        end;
        if v.code is not null then
          return v;
        end if;
        if p_kind = 'preview' then
          v.code := null;
        elsif v_edit.id is not null or (p_kind = 'delete' and v_row.deleted_at is not null and v_row.author_id = p_user) then
          v.verdict := 'exists';
        else
          v.code := coalesce(
            refusal_v1(v_conversation.kind, v_member.state, v_member.muted_until, p_kind <> 'delete', v_now),
            room_refusal_v1(p_kind, v_conversation.archived_at, v_conversation.is_announcement, v_conversation.guest_access,
              v_member.role, v_author.kind),
            case when v_conversation.kind = 'direct' and p_kind <> 'delete' then direct_refusal_v1(p_user,
              case when v_conversation.direct_low = p_user then v_conversation.direct_high else v_conversation.direct_low end) end,
            case
              when p_kind = 'edit' and v_row.author_id <> p_user then 'forbidden'
              when p_kind = 'delete' and v_row.author_id <> p_user and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when p_kind = 'pin' and v_conversation.kind in ('room', 'lobby') and coalesce(v_member.role, 'member') = 'member' then 'forbidden'
              when v_row.deleted_at is not null then 'not_found'
              when p_kind = 'react' and p_on and (select count(distinct x.emoji) from reactions x
                where x.conversation_id = p_conversation and x.seq = v_row.seq and x.is_on and x.emoji <> p_emoji) >= p_most
                then 'too_many_reactions'
              when p_kind = 'pin' and p_on and v_row.pinned_at is null and (select count(*) from messages m
                where m.conversation_id = p_conversation and m.pinned_at is not null and m.seq > v_floor) >= p_most then 'limit_reached'
            end);
          if v.code is not null then
            v.retry_after_ms := case v.code when 'muted' then milliseconds_until_v1(v_member.muted_until, v_now) end;
            return v;
          end if;
        end if;
        -- A reaction or a pin has no key: its repeat is known by its state, after authority, as the answer shows others' words.
        if p_kind = 'react' and coalesce(v_was_on, false) = p_on or p_kind = 'pin' and (v_row.pinned_at is not null) = p_on then
          v.verdict := 'exists';
        end if;

        if v.verdict <> 'exists' then
          update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v.rev;
          v.at := greatest(v_now, v_row.created_at);
          if p_kind = 'edit' then
            insert into message_keys (conversation_id, id, seq, author_id, is_edit, created_at)
              values (p_conversation, p_edit_id, v_row.seq, p_user, true, v.at);
            insert into message_edits (conversation_id, seq, rev, user_id, body, written_at)
              values (p_conversation, v_row.seq, v.rev, v_row.author_id, v_row.body, coalesce(v_row.edited_at, v_row.created_at));
            delete from message_edits e where e.conversation_id = p_conversation and e.seq = v_row.seq and e.rev <=
              (select x.rev from message_edits x where x.conversation_id = p_conversation and x.seq = v_row.seq order by x.rev desc offset p_most limit 1);
            update messages m set body = p_body, edited_at = v.at, rev = v.rev, preview = null
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'delete' then
            delete from reactions x where x.conversation_id = p_conversation and x.seq = v_row.seq;
            delete from message_edits e where e.conversation_id = p_conversation and e.seq = v_row.seq;
            delete from preview_jobs j where j.conversation_id = p_conversation and j.seq = v_row.seq;
            update messages m set body = '', edited_at = null, deleted_at = v.at, pinned_at = null, reply_to = null, reply_seq = null,
                is_forwarded = false, preview = null, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'preview' then
            update messages m set preview = p_preview, rev = v.rev where m.conversation_id = p_conversation and m.seq = v_row.seq;
          elsif p_kind = 'pin' then
            update messages m set pinned_at = case when p_on then v.at end, rev = v.rev
              where m.conversation_id = p_conversation and m.seq = v_row.seq;
          else
            insert into reactions (conversation_id, seq, user_id, emoji, is_on, rev)
              values (p_conversation, v_row.seq, p_user, p_emoji, p_on, v.rev)
              on conflict (conversation_id, seq, user_id, emoji) do update set is_on = p_on, rev = excluded.rev;
            select count(*) into v.count from reactions x
              where x.conversation_id = p_conversation and x.seq = v_row.seq and x.emoji = p_emoji and x.is_on;
          end if;
          v.verdict := 'stored';
        end if;
        select to_json(s) into v.message from message_states_v1 s
          where s.conversation_id = p_conversation and s.seq = v_row.seq;
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
          select array_agg(l.conversation_id) into v_locked from (select h.conversation_id from conversation_heads h
            where h.conversation_id = any (p_conversations) order by h.conversation_id for no key update) l;
        else
          select array_agg(l.conversation_id) into v_locked from (select h.conversation_id from conversation_heads h
            where h.conversation_id = any (p_conversations) order by h.conversation_id for no key update skip locked) l;
        end if;

        -- Every statement from here on has a snapshot newer than the locks.
        if p_sends is not null then
          return query select * from log_append_v1(p_sends, coalesce(v_locked, '{}'));
        end if;
        if p_changes is not null then
          for v_op in select * from json_to_recordset(p_changes) as o(i integer, k text, c uuid, u uuid, id uuid, body text,
              e uuid, emoji text, "on" boolean, preview json, most integer) where o.c = any (v_locked) order by o.i loop
            return next log_change_v2(v_op.i, v_op.k, v_op.c, v_op.u, v_op.id, v_op.body, v_op.e, v_op.emoji, v_op."on", v_op.preview,
              -- How many there may be: of pins, or of former texts; of reactions where it does not say.
              coalesce(v_op.most, case v_op.k when 'edit' then 50 else p_reaction_kinds end));
          end loop;
        end if;
        if coalesce(cardinality(v_locked), 0) < cardinality(p_conversations) then
          return query select o.i, case when h.conversation_id is null then 'refused' else 'again' end,
              case when h.conversation_id is null then 'not_found' end,
              null::integer, null::bigint, null::bigint, null::timestamptz, null::json, null::integer, null::json, null::json, null::json
            from (select * from json_to_recordset(p_sends) as s(i integer, c uuid)
              union all select * from json_to_recordset(p_changes) as s(i integer, c uuid)) o
            left join conversation_heads h on h.conversation_id = o.c
            where not o.c = any (coalesce(v_locked, '{}'));
        end if;
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
        select max(x.seq) into v_top from (select m.seq from messages m join conversation_heads h on h.conversation_id = m.conversation_id
          where m.conversation_id = p_conversation and m.seq <= h.floor_seq order by m.seq limit p_limit) x;
        delete from reactions r where r.conversation_id = p_conversation and r.seq <= v_top;
        delete from message_terms t where t.conversation_id = p_conversation and t.seq <= v_top;
        delete from message_edits e where e.conversation_id = p_conversation and e.seq <= v_top;
        delete from messages m where m.conversation_id = p_conversation and m.seq <= v_top;
        get diagnostics v_count = row_count;
        return v_count;
      end
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
          select jsonb_build_object('title', c.title, 'color', c.color, 'invitedBy', p_inviter, 'at', date_trunc('milliseconds', clock_timestamp()),
            'memberCount', c.member_count) into v_invitation from conversations c where c.id = p_conversation;
        end if;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.* into v_head;
        update conversations c set member_count = c.member_count + (p_state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer
        where c.id = p_conversation;
        insert into memberships as m (conversation_id, user_id, role, state, read_seq, invited_by, invitation, joined_at, rev, feed_rev)
        values (p_conversation, p_user, p_role, p_state, case when p_state = 'joined' then v_head.seq else 0 end,
          p_inviter, v_invitation, case when p_state = 'joined' then clock_timestamp() end, v_head.rev, v_rev)
        on conflict (conversation_id, user_id) do update set role = excluded.role, state = excluded.state, rev = excluded.rev,
          feed_rev = excluded.feed_rev, invited_by = case when excluded.state = 'invited' then excluded.invited_by end,
          invitation = excluded.invitation,
          -- Who comes back has nothing unread of the time between.
          read_seq = case when m.state <> 'joined' and excluded.state = 'joined' then v_head.seq else m.read_seq end,
          joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
        returning m.* into v_now;
        return (null, true, p_user, v_head.rev, v_rev, to_json(v_now))::member_told_v1;
      end
      $function$
;

CREATE OR REPLACE FUNCTION membership_change_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text, p_muted_until timestamp with time zone, p_large integer)
 RETURNS membership_verdict_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v membership_verdict_v1;
        v_head conversation_heads;
        v_conversation conversations;
        v_actor memberships;
        v_was memberships;
        v_now memberships;
        v_rank constant text[] := array['member', 'moderator', 'owner'];
        v_joins integer;
      begin
        -- Alone in its statement: what follows must see what was committed while this waited.
        perform 1 from conversation_heads h where h.conversation_id = p_conversation for no key update;

        v.verdict := 'refused';
        select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_conversation from conversations c where c.id = p_conversation;
        select * into v_actor from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;

        v.code := case
          when v_conversation.id is null or not exists (select 1 from users u where u.id = p_user) then 'not_found'
          when v_was.state = 'banned' and p_verb in ('join', 'leave') then 'banned'
          when p_verb in ('join', 'leave') and p_actor is distinct from p_user and p_actor is not null then 'forbidden'
          when p_verb in ('join', 'leave') and v_conversation.kind = 'lobby' then 'forbidden'
          when p_verb not in ('join', 'leave') and p_actor is not null and (v_actor.state is distinct from 'joined'
            or array_position(v_rank, v_actor.role) <= array_position(v_rank, coalesce(v_was.role, 'member'))) then 'forbidden'
          when p_verb = 'appoint' and p_actor is not null
            and array_position(v_rank, v_actor.role) <= array_position(v_rank, p_role) then 'forbidden'
          when p_verb = 'appoint' and v_was.state is distinct from 'joined' and v_conversation.kind <> 'lobby' then 'not_found'
        end;
        if v.code is not null then
          return v;
        end if;

        v_now := v_was;
        v_now.conversation_id := p_conversation;
        v_now.user_id := p_user;
        v_now.role := coalesce(v_was.role, 'member');
        v_now.read_seq := coalesce(v_was.read_seq, 0);
        v_now.state := coalesce(v_was.state, case when v_conversation.kind = 'lobby' then 'joined' else 'left' end);
        case p_verb
          when 'join' then
            v_now.state := 'joined';
            if v_was.state is distinct from 'joined' then v_now.read_seq := v_head.seq; end if;
          when 'leave' then v_now.state := 'left'; v_now.role := 'member';
          when 'ban' then v_now.state := 'banned'; v_now.role := 'member';
          when 'unban' then
            if v_was.state = 'banned' then
              v_now.state := case when v_conversation.kind = 'lobby' then 'joined' else 'left' end;
            end if;
          when 'mute' then v_now.muted_until := p_muted_until;
          when 'unmute' then v_now.muted_until := null;
          when 'appoint' then v_now.role := p_role; v_now.state := 'joined';
        end case;

        if v_now.state is not distinct from coalesce(v_was.state, case when v_conversation.kind = 'lobby' then 'joined' else 'left' end)
          and v_now.role = coalesce(v_was.role, 'member') and v_now.muted_until is not distinct from v_was.muted_until then
          v.verdict := 'exists';
        else
          v.verdict := 'stored';
          v_joins := (v_now.state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer;
          if v_joins <> 0 and v_conversation.kind <> 'lobby' then
            update conversations c set member_count = c.member_count + v_joins where c.id = p_conversation;
          end if;
          if p_verb not in ('join', 'leave') or v_conversation.member_count <= p_large then
            update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation returning h.rev into v.rev;
            v_now.rev := v.rev;
          end if;
          v.feed_rev := personal_bump_v1(p_user);
          v_now.feed_rev := v.feed_rev;
          insert into memberships (conversation_id, user_id, role, state, muted_until, read_seq, rev, feed_rev)
            values (p_conversation, p_user, v_now.role, v_now.state, v_now.muted_until, v_now.read_seq,
              coalesce(v_now.rev, 0), v_now.feed_rev)
            on conflict (conversation_id, user_id) do update set role = excluded.role, state = excluded.state,
              muted_until = excluded.muted_until, read_seq = excluded.read_seq, rev = excluded.rev, feed_rev = excluded.feed_rev;
        end if;
        v.role := v_now.role;
        v.state := v_now.state;
        v.muted_until := v_now.muted_until;
        v.read_seq := v_now.read_seq;
        return v;
      end
      $function$
;

CREATE OR REPLACE FUNCTION membership_change_v2(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text, p_muted_until timestamp with time zone, p_large integer)
 RETURNS TABLE(verdict text, code text, rev bigint, feed_rev bigint, membership json)
 LANGUAGE plpgsql
AS $function$
      #variable_conflict use_column
      declare
        v membership_verdict_v1;
      begin
        v := membership_change_v1(p_conversation, p_actor, p_user, p_verb, p_role, p_muted_until, p_large);
        return query select v.verdict, v.code, v.rev, v.feed_rev, coalesce(
          (select to_json(m) from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
          -- What was never written is as everybody's is.
          json_build_object('conversation_id', p_conversation, 'user_id', p_user, 'role', v.role, 'state', v.state,
            'muted_until', v.muted_until, 'read_seq', v.read_seq, 'cleared_seq', 0, 'archived_seq', null, 'pinned_at', null));
      end
      $function$
;

CREATE OR REPLACE FUNCTION membership_change_v3(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text, p_muted_until timestamp with time zone, p_large integer, p_invite bytea, p_invitations integer, p_rooms integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_conversation conversations;
        v_head conversation_heads;
        v_actor memberships;
        v_was memberships;
        v_now memberships;
        v_invite room_invites;
        v_kind text;
        v_code text;
        v_absent text;
        v_other uuid;
        v_user uuid;
        v_takes_rev boolean;
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
        v_absent := case when v_conversation.kind = 'lobby' then 'joined' else 'left' end;

        v_code := case
          when v_conversation.id is null or v_kind is null then 'not_found'
          when p_verb in ('join', 'leave') then case
            when v_was.state = 'banned' then 'banned'
            when p_actor is not null and p_actor is distinct from p_user or v_conversation.kind = 'lobby' then 'forbidden'
            when p_verb = 'leave' then case when coalesce(v_was.state, 'left') = 'left' then 'exists' end
            when v_was.state = 'joined' then 'exists'
            when p_actor is not null then coalesce(entry_refusal_v1(v_conversation, v_was, v_kind, v_invite), case
              when v_conversation.archived_at is not null then 'archived'
              when v_conversation.guest_access = 'none' and v_kind = 'guest' then 'members_only'
              when (select count(*) from memberships m join conversations c on c.id = m.conversation_id
                where m.user_id = p_user and m.state = 'joined' and c.kind = 'room') >= p_rooms then 'limit_reached' end)
          end
          when p_actor is not null then coalesce(membership_refusal_v1(v_conversation, v_actor, v_was, p_verb, p_role),
            case when p_verb = 'invite' then coalesce(group_refusal_v1(p_actor, p_user), case
              when (select count(*) from memberships m where m.invited_by = p_actor and m.state = 'invited') >= p_invitations
                then 'limit_reached' end) end)
        end;
        if v_code is null and p_verb = 'appoint' and v_was.state is distinct from 'joined' and v_conversation.kind <> 'lobby' then
          v_code := 'not_found';
        end if;

        -- Whose role changes with it: the owner's before, or whoever follows an owner who leaves.
        v_other := case
          when v_code is not null then null
          when p_verb = 'hand_over' then p_actor
          when p_verb = 'leave' and v_was.role = 'owner' then (select m.user_id from memberships m
            where m.conversation_id = p_conversation and m.state = 'joined' and m.user_id <> p_user
            order by m.role = 'moderator' desc, m.joined_at nulls last, m.user_id limit 1)
        end;
        if v_code is null and p_verb = 'join' and v_conversation.visibility = 'private' and v_was.state is distinct from 'invited' then
          update room_invites i set uses = i.uses + 1 where i.id = v_invite.id;
        end if;

        for v_user in select x.id from unnest(array[p_user, v_other]) as x(id) where x.id is not null and v_code is null order by x.id loop
          select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = v_user;
          v_now := v_was;
          v_now.conversation_id := p_conversation;
          v_now.user_id := v_user;
          v_now.role := coalesce(v_was.role, 'member');
          v_now.state := coalesce(v_was.state, v_absent);
          if v_user = v_other then
            v_now.role := case when p_verb = 'hand_over' then 'moderator' else 'owner' end;
          else
            case p_verb
              when 'join' then
                v_now.state := 'joined';
                -- Whoever comes into a room that everybody has left looks after it.
                if v_conversation.visibility is not null and v_conversation.member_count = 0 then v_now.role := 'owner'; end if;
              when 'leave', 'remove' then v_now.state := 'left'; v_now.role := 'member';
              when 'ban' then v_now.state := 'banned'; v_now.role := 'member';
              when 'unban' then
                if v_now.state = 'banned' then v_now.state := v_absent; end if;
              when 'invite' then v_now.state := 'invited';
              when 'mute' then v_now.muted_until := p_muted_until;
              when 'unmute' then v_now.muted_until := null;
              when 'appoint' then v_now.role := p_role; v_now.state := 'joined';
              when 'hand_over' then v_now.role := 'owner';
            end case;
          end if;
          if v_now.state = coalesce(v_was.state, v_absent) and v_now.role = coalesce(v_was.role, 'member')
              and v_now.muted_until is not distinct from v_was.muted_until then
            v_code := 'exists';
            exit;
          end if;
          v_takes_rev := case
            when p_verb = 'invite' or v_was.state = 'invited' and v_now.state = 'left' then false
            when p_verb in ('join', 'leave') and v_user = p_user and v_now.role = coalesce(v_was.role, 'member') then v_conversation.member_count <= p_large
            else true
          end;
          if v_takes_rev then
            update conversation_heads h set rev = h.rev + 1 where h.conversation_id = p_conversation;
          end if;
          select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
          if v_conversation.kind <> 'lobby' then
            update conversations c set member_count = c.member_count + (v_now.state = 'joined')::integer - (coalesce(v_was.state, '') = 'joined')::integer
            where c.id = p_conversation and (v_now.state = 'joined') <> (coalesce(v_was.state, '') = 'joined');
          end if;
          v_now.feed_rev := personal_bump_v1(v_user);
          insert into memberships as m (conversation_id, user_id, role, state, muted_until, read_seq, rev, feed_rev, invited_by, invitation, joined_at)
          values (p_conversation, v_user, v_now.role, v_now.state, v_now.muted_until,
            case when v_now.state = 'joined' and v_conversation.kind <> 'lobby' then v_head.seq else 0 end,
            case when v_takes_rev then v_head.rev else 0 end, v_now.feed_rev,
            case when v_now.state = 'invited' then p_actor end,
            case when v_now.state = 'invited' then jsonb_build_object('title', v_conversation.title, 'color', null, 'invitedBy', p_actor,
              'at', date_trunc('milliseconds', clock_timestamp()), 'memberCount', v_conversation.member_count, 'slug', v_conversation.slug) end,
            case when v_now.state = 'joined' then clock_timestamp() end)
          on conflict (conversation_id, user_id) do update set role = excluded.role, state = excluded.state, muted_until = excluded.muted_until,
            -- Who comes back has nothing unread of the time between.
            read_seq = case when m.state <> 'joined' and excluded.state = 'joined' and p_verb = 'join' then v_head.seq else m.read_seq end,
            rev = case when v_takes_rev then excluded.rev else m.rev end, feed_rev = excluded.feed_rev,
            -- An invitation stays as it was sent, whatever else is said of somebody meanwhile.
            invited_by = case when p_verb = 'invite' then excluded.invited_by when excluded.state = 'invited' then m.invited_by end,
            invitation = case when p_verb = 'invite' then excluded.invitation when excluded.state = 'invited' then m.invitation end,
            joined_at = case when m.state = 'joined' then m.joined_at else excluded.joined_at end
          returning m.* into v_now;
          return query select null::text, true, v_user, case when v_takes_rev then v_head.rev end, v_now.feed_rev, to_json(v_now);
        end loop;

        if v_code is not null then
          return query select v_code, false, p_user, null::bigint, null::bigint, coalesce(
            (select to_json(m) from memberships m where m.conversation_id = p_conversation and m.user_id = p_user),
            -- What was never written is as everybody's is.
            json_build_object('conversation_id', p_conversation, 'user_id', p_user, 'role', 'member', 'state', v_absent,
              'muted_until', null, 'read_seq', 0, 'cleared_seq', 0, 'archived_seq', null, 'pinned_at', null));
        end if;
      end
      $function$
;

CREATE OR REPLACE FUNCTION membership_mark_v1(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_pins integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_seq bigint;
        v_was memberships;
        v_now memberships;
        v_rev bigint;
      begin
        -- Takes turns with what else this person does.
        perform from personal_heads h where h.user_id = p_user for no key update;
        select h.seq into v_seq from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_was from memberships m
        where m.conversation_id = p_conversation and m.user_id = p_user and m.state = 'joined';
        if v_was.user_id is null then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if p_pinned and v_was.pinned_at is null and (select count(*) from memberships m
            where m.user_id = p_user and m.state = 'joined' and m.pinned_at is not null) >= p_pins then
          return query select p_user, null::bigint, 'refused', to_json('limit_reached'::text);
          return;
        end if;
        v_now := v_was;
        v_now.pinned_at := case when p_pinned then coalesce(v_was.pinned_at, date_trunc('milliseconds', clock_timestamp())) when p_pinned is null then v_was.pinned_at end;
        v_now.archived_seq := case when p_archived then v_seq when p_archived is null then v_was.archived_seq end;
        -- Null is the least of nothing: least() would pass over it.
        v_now.cleared_seq := greatest(v_was.cleared_seq, case when p_cleared is not null then least(p_cleared, v_seq) end);
        v_now.read_seq := greatest(v_was.read_seq, v_now.cleared_seq);
        if v_now is not distinct from v_was then
          return query select p_user, null::bigint, 'exists', to_json(v_was);
          return;
        end if;
        v_rev := personal_bump_v1(p_user);
        return query update memberships m set pinned_at = v_now.pinned_at, archived_seq = v_now.archived_seq,
            cleared_seq = v_now.cleared_seq, read_seq = greatest(m.read_seq, v_now.read_seq), feed_rev = v_rev
          where m.conversation_id = p_conversation and m.user_id = p_user
          returning m.user_id, m.feed_rev, 'membership', to_json(m);
      end
      $function$
;

CREATE OR REPLACE FUNCTION membership_mark_v2(p_user uuid, p_conversation uuid, p_pinned boolean, p_archived boolean, p_cleared bigint, p_notices text, p_sets_quiet boolean, p_quiet timestamp with time zone, p_pins integer)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_kind text;
        v_was memberships;
        v_places boolean;
        v_rev bigint;
      begin
        perform from personal_heads h where h.user_id = p_user for no key update;
        select c.kind into v_kind from conversations c where c.id = p_conversation;
        select * into v_was from memberships m where m.conversation_id = p_conversation and m.user_id = p_user;
        v_places := p_pinned is not null or p_archived is not null or p_cleared is not null;
        if v_kind = 'lobby' and v_places then
          return query select p_user, null::bigint, 'refused', to_json('not_found'::text);
          return;
        end if;
        if v_kind = 'lobby' and v_was.user_id is null then
          v_rev := personal_bump_v1(p_user);
          return query insert into memberships as m (conversation_id, user_id, state, notices, quiet_until, feed_rev)
            values (p_conversation, p_user, 'joined', p_notices, p_quiet, v_rev)
            returning m.user_id, m.feed_rev, 'membership', to_json(m);
          return;
        end if;
        if v_was.state = 'joined' and ((p_notices is not null and p_notices is distinct from v_was.notices)
            or (p_sets_quiet and p_quiet is distinct from v_was.quiet_until)) then
          v_rev := personal_bump_v1(p_user);
          return query update memberships m set notices = coalesce(p_notices, m.notices),
              quiet_until = case when p_sets_quiet then p_quiet else m.quiet_until end, feed_rev = v_rev
            where m.conversation_id = p_conversation and m.user_id = p_user
            returning m.user_id, m.feed_rev, 'membership', to_json(m);
          if not v_places then
            return;
          end if;
        end if;
        return query select * from membership_mark_v1(p_user, p_conversation, p_pinned, p_archived, p_cleared, p_pins);
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
          when array_position(array['member', 'moderator', 'owner'], p_actor.role)
            <= array_position(array['member', 'moderator', 'owner'], coalesce(p_was.role, 'member')) then 'forbidden'
          when p_verb = 'appoint' and array_position(array['member', 'moderator', 'owner'], p_actor.role)
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

CREATE OR REPLACE FUNCTION message_edits_v1(p_conversation uuid, p_id uuid, p_user uuid)
 RETURNS TABLE(seq bigint, is_allowed boolean, items json, users json)
 LANGUAGE sql
 STABLE
AS $function$
        with message as (
          select m.* from message_keys k join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
          join conversation_heads h on h.conversation_id = m.conversation_id
          where k.conversation_id = p_conversation and k.id = p_id and not k.is_edit and m.seq > h.floor_seq and m.deleted_at is null
        ), allowed as (
          select m.seq, m.author_id = p_user or coalesce(s.role, 'member') <> 'member' as is_allowed
          from message m left join memberships s on s.conversation_id = p_conversation and s.user_id = p_user
        ), texts as (
          select null::bigint as rev, m.author_id as user_id, m.body, coalesce(m.edited_at, m.created_at) as at from message m
          union all
          select e.rev, e.user_id, e.body, e.written_at from message m
          join message_edits e on e.conversation_id = m.conversation_id and e.seq = m.seq
        )
        select a.seq, a.is_allowed, case when a.is_allowed then
            (select json_agg(json_build_object('userId', t.user_id, 'body', t.body, 'at', t.at) order by t.rev desc nulls first) from texts t) end,
          case when a.is_allowed then users_json_v1((select array_agg(distinct t.user_id) from texts t)) end
        from allowed a
      $function$
;

CREATE OR REPLACE FUNCTION message_page_v1(p_conversation uuid, p_user uuid, p_from bigint, p_to bigint)
 RETURNS TABLE(messages json, users json, mine json)
 LANGUAGE sql
 STABLE
AS $function$
        with page as materialized (
          select s.* from message_states_v1 s where s.conversation_id = p_conversation and s.seq between p_from and p_to
        )
        select (select coalesce(json_agg(p order by p.seq), '[]') from page p),
          users_json_v1((select array_agg(distinct x.id) from (select p.author_id from page p
            union all select (p.quote ->> 'authorId')::uuid from page p where p.quote is not null) x(id))),
          own_reactions_v1(p_conversation, p_user, (select array_agg(p.seq) from page p))
      $function$
;

CREATE OR REPLACE FUNCTION message_reactions_v1(p_conversation uuid, p_id uuid, p_emoji text, p_rev bigint, p_limit integer)
 RETURNS TABLE(seq bigint, user_id uuid, emoji text, rev bigint)
 LANGUAGE sql
 STABLE
AS $function$
        select m.seq, r.user_id, r.emoji, r.rev
        from message_keys k join messages m on m.conversation_id = k.conversation_id and m.seq = k.seq
        join conversation_heads h on h.conversation_id = m.conversation_id and m.seq > h.floor_seq
        left join lateral (select * from reactions x where x.conversation_id = m.conversation_id and x.seq = m.seq and x.is_on
          and (p_emoji is null or x.emoji = p_emoji) and (p_rev is null or x.rev < p_rev) order by x.rev desc limit p_limit) r on true
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
        select json_agg(json_build_object('seq', m.seq, 'body', m.body) order by m.seq) from messages m
        where m.conversation_id = p_conversation and m.seq > greatest(p_read, p_head - p_window)
          and m.author_id <> p_user and m.body ~ '[@＠]'
      $function$
;

CREATE OR REPLACE FUNCTION own_reactions_v1(p_conversation uuid, p_user uuid, p_seqs bigint[])
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
        select coalesce(json_agg(json_build_object('seq', r.seq, 'emoji', r.emoji) order by r.seq, r.emoji), '[]')
        from reactions r where r.conversation_id = p_conversation and r.user_id = p_user and r.is_on and r.seq = any (p_seqs)
      $function$
;

CREATE OR REPLACE FUNCTION personal_bump_v1(p_user uuid)
 RETURNS bigint
 LANGUAGE sql
AS $function$
        insert into personal_heads (user_id, rev) values (p_user, 1)
        on conflict (user_id) do update set rev = personal_heads.rev + 1
        returning rev
      $function$
;

CREATE OR REPLACE FUNCTION personal_changes_v1(p_user uuid, p_rev bigint, p_limit integer)
 RETURNS TABLE(rev bigint, is_reset boolean, has_more boolean, changes json)
 LANGUAGE sql
 STABLE
AS $function$
        with head as (
          select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
        ), changed as (
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at)
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m) from memberships m where m.user_id = p_user and m.feed_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select h.rev, p_rev > h.rev, (select count(*) from changed) > p_limit,
          coalesce((select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p), '[]')
        from head h
      $function$
;

CREATE OR REPLACE FUNCTION personal_changes_v2(p_user uuid, p_rev bigint, p_limit integer)
 RETURNS TABLE(rev bigint, is_reset boolean, has_more boolean, changes json, users json)
 LANGUAGE sql
 STABLE
AS $function$
        with head as (
          select coalesce((select h.rev from personal_heads h where h.user_id = p_user), 0) as rev
        ), changed as (
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data, null::uuid as about from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m), case when c.direct_low = p_user then c.direct_high else c.direct_low end
          from memberships m join conversations c on c.id = m.conversation_id where m.user_id = p_user and m.feed_rev > p_rev
          union all
          select 'friend', f.feed_rev, to_json(f), f.other_id from friendships f where f.user_id = p_user and f.feed_rev > p_rev
          union all
          select 'block', b.feed_rev, to_json(b), b.other_id from blocks b where b.user_id = p_user and b.feed_rev > p_rev
          union all
          select 'draft', d.feed_rev, to_json(d), null from drafts d where d.user_id = p_user and d.feed_rev > p_rev
          union all
          select 'settings', s.feed_rev, to_json(s), null from personal_settings s where s.user_id = p_user and s.feed_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select h.rev, p_rev > h.rev, (select count(*) from changed) > p_limit,
          coalesce((select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p), '[]'),
          users_json_v1((select array_agg(distinct p.about) from page p where p.about is not null))
        from head h
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
          select 'user' as kind, u.feed_rev as rev, author_json_v1(u) as data, null::uuid as about from users u where u.id = p_user and u.feed_rev > p_rev
          union all
          select 'session', s.feed_rev, json_build_object('id', s.id, 'ended_at', s.ended_at), null
          from sessions s where s.user_id = p_user and s.feed_rev > p_rev
          union all
          select 'membership', m.feed_rev, to_json(m),
            case when m.state = 'invited' then m.invited_by when c.direct_low = p_user then c.direct_high else c.direct_low end
          from memberships m join conversations c on c.id = m.conversation_id where m.user_id = p_user and m.feed_rev > p_rev
          union all
          select 'friend', f.feed_rev, to_json(f), f.other_id from friendships f where f.user_id = p_user and f.feed_rev > p_rev
          union all
          select 'block', b.feed_rev, to_json(b), b.other_id from blocks b where b.user_id = p_user and b.feed_rev > p_rev
          union all
          select 'draft', d.feed_rev, to_json(d), null from drafts d where d.user_id = p_user and d.feed_rev > p_rev
          union all
          select 'settings', s.feed_rev, to_json(s), null from personal_settings s where s.user_id = p_user and s.feed_rev > p_rev
        ), page as (
          select * from changed c order by c.rev fetch first p_limit rows with ties
        )
        select h.rev, p_rev > h.rev, (select count(*) from changed) > p_limit,
          coalesce((select json_agg(json_build_object('kind', p.kind, 'rev', p.rev, 'data', p.data) order by p.rev) from page p), '[]'),
          users_json_v1((select array_agg(distinct p.about) from page p where p.about is not null))
        from head h
      $function$
;

CREATE OR REPLACE FUNCTION preview_claim_v1(p_limit integer, p_lease_ms integer)
 RETURNS SETOF preview_jobs
 LANGUAGE sql
AS $function$
        update preview_jobs j set due_at = now() + p_lease_ms * interval '1 millisecond', tries = j.tries + 1
        from (select x.conversation_id, x.seq from preview_jobs x where x.due_at <= now() order by x.due_at limit p_limit for update skip locked) d
        where j.conversation_id = d.conversation_id and j.seq = d.seq
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
        v_now timestamptz := clock_timestamp();
        v_window interval := p_window_ms * interval '1 millisecond';
        v_count integer;
        v_oldest timestamptz;
        v_rev bigint;
      begin
        select * into v_was from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if coalesce(p_name, v_was.display_name) is not distinct from v_was.display_name
            and coalesce(p_color, v_was.avatar_color) is not distinct from v_was.avatar_color then
          return query select 'same', null::integer, null::bigint, author_json_v1(v_was);
          return;
        end if;
        if p_name is not null and p_name is distinct from v_was.display_name then
          select count(*), min(x.until) into v_count, v_oldest from (select n.until from former_names n
            where n.user_id = p_user and (v_was.kind = 'guest' or n.until > v_now - v_window) order by n.until desc limit p_member_names + p_guest_names) x;
          if v_was.kind = 'guest' and v_count >= p_guest_names then
            return query select 'refused', null::integer, null::bigint, null::json;
            return;
          elsif v_was.kind <> 'guest' and v_count >= p_member_names then
            return query select 'refused', milliseconds_until_v1(v_oldest + v_window, v_now), null::bigint, null::json;
            return;
          end if;
          insert into former_names (user_id, until, name) values (p_user, v_now, v_was.display_name);
        end if;
        v_rev := personal_bump_v1(p_user);
        update users u set display_name = coalesce(p_name, u.display_name), avatar_color = coalesce(p_color, u.avatar_color),
          profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
        return query select 'changed', null::integer, v_rev, author_json_v1(u) from users u where u.id = p_user;
      end
      $function$
;

CREATE OR REPLACE FUNCTION quote_v1(p_conversation uuid, p_seq bigint)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
        select json_build_object('seq', t.seq, 'rev', t.rev, 'authorId', t.author_id, 'body', left(t.body, 200),
          'isDeleted', t.deleted_at is not null)
        from messages t join conversation_heads h on h.conversation_id = t.conversation_id
        where t.conversation_id = p_conversation and t.seq = p_seq and t.seq > h.floor_seq
      $function$
;

CREATE OR REPLACE FUNCTION read_marks_of_v1(p_conversation uuid, p_reader uuid)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
        select case when coalesce((select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = p_reader), true)
          then (select coalesce(json_agg(json_build_object('userId', m.user_id, 'readSeq', m.shown_seq, 'deliveredSeq', m.delivered_seq)), '[]')
            from memberships m left join personal_settings s on s.user_id = m.user_id
            where m.conversation_id = p_conversation and m.user_id <> p_reader and m.state = 'joined'
              and coalesce(s.sends_receipts and not s.appears_offline, true)) end
      $function$
;

CREATE OR REPLACE FUNCTION read_marks_v1(p_marks json)
 RETURNS TABLE(conversation_id uuid, user_id uuid, role text, state text, muted_until timestamp with time zone, read_seq bigint, feed_rev bigint)
 LANGUAGE plpgsql
AS $function$
      #variable_conflict use_column
      declare
        v_mark record;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint)
            group by o.c, o.u order by o.u, o.c loop
          if exists (select 1 from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u
              and m.state = 'joined' and m.read_seq < v_mark.seq) then
            v_rev := personal_bump_v1(v_mark.u);
            return query update memberships m
              set read_seq = greatest(m.read_seq, least(v_mark.seq, h.seq)), feed_rev = v_rev
              from conversation_heads h
              where h.conversation_id = v_mark.c and m.conversation_id = v_mark.c and m.user_id = v_mark.u
              returning m.conversation_id, m.user_id, m.role, m.state, m.muted_until, m.read_seq, m.feed_rev;
          end if;
        end loop;
      end
      $function$
;

CREATE OR REPLACE FUNCTION read_marks_v2(p_marks json)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_mark record;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint)
            group by o.c, o.u order by o.u, o.c loop
          if exists (select from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u
              and m.state = 'joined' and m.read_seq < v_mark.seq) then
            v_rev := personal_bump_v1(v_mark.u);
            return query update memberships m
              set read_seq = greatest(m.read_seq, least(v_mark.seq, h.seq)), feed_rev = v_rev
              from conversation_heads h
              where h.conversation_id = v_mark.c and m.conversation_id = v_mark.c and m.user_id = v_mark.u
              returning m.user_id, m.feed_rev, 'membership', to_json(m);
          end if;
        end loop;
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
        v_lets_know boolean;
        v_code text;
        v_rev bigint;
      begin
        for v_mark in select o.c, o.u, max(o.seq) as seq, max(o.got) as got
            from json_to_recordset(p_marks) as o(c uuid, u uuid, seq bigint, got bigint) group by o.c, o.u order by o.u, o.c loop
          -- Takes turns with what else this person does.
          perform from personal_heads h where h.user_id = v_mark.u for no key update;
          select c.kind, h.seq into v_kind, v_head from conversations c join conversation_heads h on h.conversation_id = c.id
          where c.id = v_mark.c;
          select * into v_was from memberships m where m.conversation_id = v_mark.c and m.user_id = v_mark.u;
          v_code := case
            when v_was.state = 'banned' then 'banned'
            when v_kind is null or (v_kind <> 'lobby' and v_was.state is distinct from 'joined') then 'not_found'
            when greatest(v_mark.seq, v_mark.got) > v_head then 'beyond'
            when v_kind <> 'lobby' and v_mark.seq < v_was.read_seq then 'behind'
          end;
          if v_code is not null then
            return query select v_mark.u, null::bigint, 'refused', json_build_object('conversation_id', v_mark.c, 'code', v_code);
            continue;
          end if;
          -- The lobby's mark stays on the device.
          continue when v_kind = 'lobby';
          v_lets_know := v_kind in ('direct', 'group') and coalesce((select s.sends_receipts and not s.appears_offline
            from personal_settings s where s.user_id = v_mark.u), true);
          v_now := v_was;
          v_now.read_seq := greatest(v_was.read_seq, v_mark.seq);
          if v_lets_know then
            v_now.shown_seq := case when v_mark.seq is null then v_was.shown_seq else greatest(v_was.shown_seq, v_mark.seq) end;
            v_now.delivered_seq := greatest(v_was.delivered_seq, v_mark.got, v_now.shown_seq);
          end if;
          continue when v_now is not distinct from v_was;
          v_rev := case when v_now.read_seq > v_was.read_seq then personal_bump_v1(v_mark.u) end;
          update memberships m set read_seq = v_now.read_seq, shown_seq = v_now.shown_seq, delivered_seq = v_now.delivered_seq,
            feed_rev = coalesce(v_rev, m.feed_rev)
          where m.conversation_id = v_mark.c and m.user_id = v_mark.u returning m.* into v_now;
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

CREATE OR REPLACE FUNCTION recovery_use_v1(p_code bytea, p_hash text)
 RETURNS TABLE(user_id uuid, password_hash text)
 LANGUAGE plpgsql
AS $function$
      #variable_conflict use_column
      declare
        v_user uuid;
      begin
        delete from recovery_codes c where c.code_hash = p_code returning c.user_id into v_user;
        if not found then
          return;
        end if;
        return query update users u set password_hash = coalesce(p_hash, u.password_hash)
          where u.id = v_user and u.anonymised_at is null returning u.id, u.password_hash;
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

CREATE OR REPLACE FUNCTION room_create_v1(p_actor uuid, p_id uuid, p_room json, p_slugs text[], p_skeletons text[], p_is_chosen boolean, p_guest_per_day integer, p_member_per_day integer)
 RETURNS SETOF member_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_kind text;
        v_code text;
        v_visibility text := p_room->>'visibility';
        v_made integer;
      begin
        select u.kind into v_kind from users u where u.id = p_actor and u.anonymised_at is null for no key update;
        v_made := (select count(*) from conversations c where c.created_by = p_actor and c.kind = 'room' and c.created_at > now() - interval '1 day');
        v_code := case
          when v_kind is null then 'session_ended'
          when exists (select from conversations c where c.id = p_id) then
            case when exists (select from conversations c where c.id = p_id and c.created_by = p_actor and c.kind = 'room') then 'exists' else 'id_taken' end
          when v_kind = 'guest' and (v_visibility <> 'public' or p_guest_per_day = 0) then 'members_only'
          when v_made >= case v_kind when 'guest' then p_guest_per_day else p_member_per_day end then 'limit_reached'
          when p_is_chosen and slug_is_taken_v1(p_slugs[1], p_skeletons[1], p_id) then 'slug_taken'
        end;
        if v_code is null then
          for i in 1 .. cardinality(p_slugs) loop
            -- Two who make the same at once: the second waits here, and then writes nothing.
            insert into conversations (id, kind, title, name_key, slug, slug_skeleton, visibility, topic, guest_access, is_announcement, created_by)
            values (p_id, 'room', p_room->>'title', p_room->>'nameKey', p_slugs[i], p_skeletons[i], v_visibility, p_room->>'topic',
              p_room->>'guests', (p_room->>'isAnnouncement')::boolean, p_actor)
            on conflict do nothing;
            exit when found;
          end loop;
          if not found then
            v_code := case when exists (select from conversations c where c.id = p_id) then 'id_taken' else 'slug_taken' end;
          end if;
        end if;
        if v_code is not null then
          return query select v_code, false, p_actor, null::bigint, null::bigint, null::json;
          return;
        end if;
        insert into conversation_heads (conversation_id) values (p_id);
        insert into room_activity (conversation_id, at) values (p_id, date_trunc('milliseconds', clock_timestamp()));
        return query select * from member_write_v1(p_id, p_actor, 'owner', 'joined', null);
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
        v_rev bigint;
        v_head conversation_heads;
        i integer := 1;
      begin
        perform from conversation_heads h where h.conversation_id = p_conversation for no key update;
        select * into v_head from conversation_heads h where h.conversation_id = p_conversation;
        select * into v_was from conversations c where c.id = p_conversation;
        select m.role into v_role from memberships m where m.conversation_id = p_conversation and m.user_id = p_actor and m.state = 'joined';
        v_code := case
          when v_was.kind is distinct from 'room' or v_role is null then 'not_found'
          when v_role = 'member' then 'forbidden'
          when v_role = 'moderator' and p_change - array['title', 'nameKey', 'topic', 'slowModeMs'] <> '{}' then 'forbidden'
          when p_slugs[1] <> v_was.slug and slug_is_taken_v1(p_slugs[1], p_skeletons[1], p_conversation) then 'slug_taken'
        end;
        if v_code is not null then
          return query select v_code, null::bigint;
          return;
        end if;
        v_now := v_was;
        v_now.title := coalesce(p_change->>'title', v_was.title);
        v_now.name_key := coalesce(p_change->>'nameKey', v_was.name_key);
        v_now.visibility := coalesce(p_change->>'visibility', v_was.visibility);
        v_now.guest_access := coalesce(p_change->>'guests', v_was.guest_access);
        v_now.is_announcement := coalesce((p_change->>'isAnnouncement')::boolean, v_was.is_announcement);
        v_now.slow_mode_ms := coalesce((p_change->>'slowModeMs')::integer, v_was.slow_mode_ms);
        if p_change ? 'topic' then v_now.topic := p_change->>'topic'; end if;
        if p_change ? 'retentionMs' then v_now.retention_ms := (p_change->>'retentionMs')::bigint; end if;
        if p_change ? 'isArchived' then
          v_now.archived_at := case when (p_change->>'isArchived')::boolean then coalesce(v_was.archived_at, date_trunc('milliseconds', clock_timestamp())) end;
        end if;
        v_now.slug := coalesce(p_slugs[1], v_was.slug);
        v_now.slug_skeleton := coalesce(p_skeletons[1], v_was.slug_skeleton);
        if v_now is not distinct from v_was then
          return query select null, null::bigint;
          return;
        end if;
        v_rev := v_head.rev + 1;
        loop
          begin
            update conversations c set title = v_now.title, name_key = v_now.name_key, visibility = v_now.visibility, guest_access = v_now.guest_access,
              is_announcement = v_now.is_announcement, slow_mode_ms = v_now.slow_mode_ms, topic = v_now.topic, retention_ms = v_now.retention_ms,
              archived_at = v_now.archived_at, slug = v_now.slug, slug_skeleton = v_now.slug_skeleton, settings_rev = v_rev
            where c.id = p_conversation;
            exit;
          exception when unique_violation then
            -- Of a private room the next one is taken: whose the other is stays unsaid.
            i := i + 1;
            if v_now.visibility <> 'private' or p_slugs[i] is null then
              return query select 'slug_taken', null::bigint;
              return;
            end if;
            v_now.slug := p_slugs[i];
            v_now.slug_skeleton := p_skeletons[i];
          end;
        end loop;
        update conversation_heads h set rev = v_rev where h.conversation_id = p_conversation;
        if v_was.slow_mode_ms = 0 and v_now.slow_mode_ms > 0 then
          -- Who spoke just before waits as well: marks are written only while slow mode is on.
          insert into slow_marks (conversation_id, user_id, last_at)
          select m.conversation_id, m.author_id, max(m.created_at) from messages m
          where m.conversation_id = p_conversation
            and m.seq > greatest(seq_before_v1(p_conversation, clock_timestamp() - v_now.slow_mode_ms * interval '1 millisecond'), v_head.seq - 5000)
          group by m.conversation_id, m.author_id
          on conflict (conversation_id, user_id) do update set last_at = greatest(slow_marks.last_at, excluded.last_at);
        end if;
        return query select null, v_rev;
      end
      $function$
;

CREATE OR REPLACE FUNCTION search_live_v1(p_user uuid, p_conversations uuid[], p_seqs bigint[], p_since timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(n bigint, message json, author json)
 LANGUAGE sql
 STABLE
AS $function$
        select x.n, case when (s.quote ->> 'seq')::bigint <= m.cleared_seq then (to_jsonb(s) - 'quote')::json else to_json(s) end, author_json_v1(u)
        from unnest(p_conversations, p_seqs) with ordinality as x(conversation_id, seq, n)
        join conversations c on c.id = x.conversation_id
        join conversation_heads h on h.conversation_id = c.id
        left join memberships m on m.conversation_id = c.id and m.user_id = p_user
        cross join lateral (select * from message_states_v1 v where v.conversation_id = x.conversation_id and v.seq = x.seq) s
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
          select m.created_at into v_at from message_terms t join messages m on m.conversation_id = t.conversation_id and m.seq = t.seq
          where t.ord >= v_middle order by t.ord limit 1;
          if not found or v_at >= p_at then v_high := v_middle; else v_low := v_middle + 1; end if;
        end loop;
        return v_low;
      end
      $function$
;

CREATE OR REPLACE FUNCTION search_pending_v1(p_conversations uuid[], p_limit integer)
 RETURNS TABLE(conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json)
 LANGUAGE sql
 STABLE
AS $function$
        select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end, x.count >= p_limit, coalesce(x.messages, '[]')
        from conversation_heads h
        join conversations k on k.id = h.conversation_id and k.kind <> 'match'
        left join search_cursors c on c.conversation_id = h.conversation_id
        cross join lateral (select count(*) as count, max(m.rev) as rev, json_agg(json_build_object('seq', m.seq, 'author_id', m.author_id,
            'at', m.created_at, 'body', m.body, 'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq, 'is_pinned', m.pinned_at is not null) order by m.rev) as messages
          from (select * from messages m where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0) order by m.rev limit p_limit) m) x
        where h.conversation_id = any (p_conversations) and h.rev > coalesce(c.rev, 0)
      $function$
;

CREATE OR REPLACE FUNCTION search_pending_v2(p_conversations uuid[], p_limit integer)
 RETURNS TABLE(conversation_id uuid, from_rev bigint, to_rev bigint, has_more boolean, messages json)
 LANGUAGE sql
 STABLE
AS $function$
        select h.conversation_id, coalesce(c.rev, 0), case when x.count < p_limit then h.rev else x.rev end, x.count >= p_limit, coalesce(x.messages, '[]')
        from conversation_heads h
        join conversations k on k.id = h.conversation_id and k.kind <> 'match'
        left join search_cursors c on c.conversation_id = h.conversation_id
        cross join lateral (select count(*) as count, max(m.rev) as rev, json_agg(json_build_object('seq', m.seq, 'id', m.id, 'author_id', m.author_id,
            'at', m.created_at, 'body', m.body, 'is_deleted', m.deleted_at is not null or m.seq <= h.floor_seq, 'is_pinned', m.pinned_at is not null,
            'has_preview', m.preview is not null) order by m.rev) as messages
          from (select * from messages m where m.conversation_id = h.conversation_id and m.rev > coalesce(c.rev, 0) order by m.rev limit p_limit) m) x
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
            -- Fenced off, so that it is read by ord and not by terms.
            select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc), array_agg(x.seq order by x.ord desc)
            into v_ords, v_conversations, v_seqs from (
              select t.* from (select * from message_terms t where t.ord >= v_from and t.ord < v_to offset 0) t
              where t.terms @> p_terms and (p_keys is null or t.terms && p_keys) order by t.ord desc limit v_left) x;
          else
            v_blocks := (select array_agg(-1 - b) from generate_series((v_from >> 12)::integer, ((v_to - 1) >> 12)::integer) b);
            -- An ord that is computed is not looked for by its own index.
            select array_agg(x.ord order by x.ord desc), array_agg(x.conversation_id order by x.ord desc), array_agg(x.seq order by x.ord desc)
            into v_ords, v_conversations, v_seqs from (
              select t.ord, t.conversation_id, t.seq from message_terms t
              where t.terms @> p_terms and t.terms && v_blocks and t.terms && coalesce(p_keys, v_blocks)
                and t.ord + 0 >= v_from and t.ord + 0 < v_to order by t.ord + 0 desc limit v_left) x;
          end if;
          return query select * from unnest(v_ords, v_conversations, v_seqs);
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

CREATE OR REPLACE FUNCTION search_write_v1(p_batch json)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      declare
        v_one record;
        v_taken uuid[] := '{}';
      begin
        for v_one in select * from json_to_recordset(p_batch) as o(c uuid, f bigint, t bigint, gone bigint[]) order by o.c loop
          insert into search_cursors (conversation_id, rev) values (v_one.c, 0) on conflict do nothing;
          update search_cursors s set rev = v_one.t where s.conversation_id = v_one.c and s.rev = v_one.f;
          continue when not found;
          v_taken := v_taken || v_one.c;
          delete from message_terms t where t.conversation_id = v_one.c and t.seq = any (v_one.gone);
        end loop;
        -- All conversations in the order in which things were said.
        insert into message_terms as t (conversation_id, seq, ord, terms)
        select r.c, r.s, r.ord, r.k || (-1 - (r.ord >> 12)::integer)
        from (select o.c, x.s, x.k, nextval('message_terms_ord') as ord
          from json_to_recordset(p_batch) as o(c uuid, rows json) cross join lateral json_to_recordset(o.rows) as x(s bigint, at timestamptz, k integer[])
          where o.c = any (v_taken) order by x.at, o.c, x.s) r
        on conflict (conversation_id, seq) do update set terms = excluded.terms[:cardinality(excluded.terms) - 1] || (-1 - (t.ord >> 12)::integer);
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
        for v_one in select * from json_to_recordset(p_batch) as o(c uuid, f bigint, t bigint, gone bigint[]) order by o.c loop
          insert into search_cursors (conversation_id, rev) values (v_one.c, 0) on conflict do nothing;
          update search_cursors s set rev = v_one.t where s.conversation_id = v_one.c and s.rev = v_one.f;
          continue when not found;
          v_taken := v_taken || v_one.c;
          delete from message_terms t where t.conversation_id = v_one.c and t.seq = any (v_one.gone);
        end loop;
        -- All conversations in the order in which things were said.
        insert into message_terms as t (conversation_id, seq, ord, terms)
        select r.c, r.s, r.ord, r.k || (-1 - (r.ord >> 12)::integer)
        from (select o.c, x.s, x.k, nextval('message_terms_ord') as ord
          from json_to_recordset(p_batch) as o(c uuid, rows json) cross join lateral json_to_recordset(o.rows) as x(s bigint, at timestamptz, k integer[])
          where o.c = any (v_taken) order by x.at, o.c, x.s) r
        on conflict (conversation_id, seq) do update set terms = excluded.terms[:cardinality(excluded.terms) - 1] || (-1 - (t.ord >> 12)::integer);
        insert into preview_jobs as j (conversation_id, seq, message_id, author_id, url, said)
        select o.c, x.s, x.id, x.u, x.url, x.h
        from json_to_recordset(p_batch) as o(c uuid, links json)
        cross join lateral json_to_recordset(o.links) as x(s bigint, id uuid, u uuid, url text, h text)
        where o.c = any (v_taken) order by o.c, x.s
        on conflict (conversation_id, seq) do update set url = excluded.url, said = excluded.said, due_at = now(), tries = 0;
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
          select m.created_at into v_at from messages m where m.conversation_id = p_conversation and m.seq = v_middle;
          if v_at < p_before then v_low := v_middle; else v_high := v_middle - 1; end if;
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
        perform 1 from users u
        where u.id = p_user and u.anonymised_at is null and u.password_hash is not distinct from p_hash for no key update;
        if not found then
          return;
        end if;
        v_rev := personal_bump_v1(p_user);
        insert into sessions (id, user_id, label, expires_at, feed_rev)
        values (p_session, p_user, p_label, clock_timestamp() + p_ms * interval '1 millisecond', v_rev);
        update users u set last_seen_at = clock_timestamp() where u.id = p_user;
        return query select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
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
        select s.user_id into v_user from sessions s where s.id = p_session and s.ended_at is null for no key update;
        if not found then
          return;
        end if;
        v_rev := personal_bump_v1(v_user);
        update sessions s set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = v_rev where s.id = p_session;
        return query select v_user, v_rev;
      end
      $function$
;

CREATE OR REPLACE FUNCTION settings_change_v1(p_user uuid, p_who text, p_accepts boolean)
 RETURNS SETOF personal_told_v1
 LANGUAGE sql
AS $function$
        select * from settings_change_v2(p_user, p_who, p_accepts, null, null, null)
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
        perform from conversation_heads h where h.conversation_id in (select c.id from memberships m join conversations c on c.id = m.conversation_id
          where m.user_id = p_user and c.kind = 'direct') order by h.conversation_id for no key update;
        perform from users u where u.id = p_user for no key update;
        select * into v_was from personal_settings s where s.user_id = p_user;
        if v_was.user_id is null then
          v_was.user_id := p_user;
          v_was.who_may_message := 'friends';
          v_was.accepts_requests := true;
          v_was.appears_offline := false;
          v_was.shows_last_seen := true;
          v_was.sends_receipts := true;
          v_was.feed_rev := 0;
        end if;
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
        insert into personal_settings values (v_now.*)
        on conflict (user_id) do update set who_may_message = excluded.who_may_message, accepts_requests = excluded.accepts_requests,
          appears_offline = excluded.appears_offline, shows_last_seen = excluded.shows_last_seen,
          sends_receipts = excluded.sends_receipts, feed_rev = excluded.feed_rev;
        return query select p_user, v_now.feed_rev, 'settings', to_json(v_now);
      end
      $function$
;

CREATE OR REPLACE FUNCTION slug_is_taken_v1(p_slug text, p_skeleton text, p_except uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
        select exists (select from conversations c where c.slug = p_slug and c.visibility is distinct from 'private' and c.id <> p_except)
          or exists (select from conversations c where c.slug_skeleton = p_skeleton and c.visibility is distinct from 'private' and c.id <> p_except)
      $function$
;

CREATE OR REPLACE FUNCTION user_forget_v1(p_user uuid, p_reason text)
 RETURNS SETOF personal_told_v1
 LANGUAGE plpgsql
AS $function$
      declare
        v_friend uuid;
        v_session uuid;
        v_rev bigint;
      begin
        perform from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        perform from sessions s where s.user_id = p_user and s.ended_at is null for no key update;
        for v_friend in select x.id from (
            select p_user as id
            union all select f.other_id from friendships f where f.user_id = p_user and f.state <> 'none') x order by x.id loop
          v_rev := personal_bump_v1(v_friend);
          if v_friend = p_user then
            update users u set display_name = null, tag = null, username = null, username_key = null, username_skeleton = null,
              password_hash = null, avatar_color = null, address_key = null, anonymised_at = clock_timestamp(),
              profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
            return query select p_user, v_rev, 'user', author_json_v1(u) from users u where u.id = p_user;
            for v_session in select s.id from sessions s where s.user_id = p_user and s.ended_at is null loop
              return query update sessions s set ended_at = clock_timestamp(), end_reason = p_reason, feed_rev = personal_bump_v1(p_user)
                where s.id = v_session
                returning s.user_id, s.feed_rev, 'session', json_build_object('id', s.id, 'ended_at', s.ended_at);
            end loop;
          else
            return query select * from friend_write_v1(v_friend, p_user, 'none', null, v_rev, false);
          end if;
        end loop;
        delete from friendships f where f.user_id = p_user;
        delete from blocks b where b.user_id = p_user;
        delete from drafts d where d.user_id = p_user;
        delete from personal_settings s where s.user_id = p_user;
        delete from recovery_codes c where c.user_id = p_user;
        delete from former_names n where n.user_id = p_user;
      end
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
        select u.kind into v_kind from users u where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if v_kind <> 'guest' then
          v_verdict := 'member';
        else
          begin
            v_rev := personal_bump_v1(p_user);
            update users u set kind = 'member', username = p_username, username_key = p_key, username_skeleton = p_skeleton,
              password_hash = p_hash, tag = null, profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
          exception when unique_violation then
            v_verdict := 'taken';
            v_rev := null;
          end;
        end if;
        return query select v_verdict, v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
      end
      $function$
;

CREATE OR REPLACE FUNCTION user_rename_v1(p_user uuid, p_name text)
 RETURNS TABLE(rev bigint, id uuid, kind text, display_name text, tag text, username text, profile_rev integer)
 LANGUAGE plpgsql
AS $function$
      #variable_conflict use_column
      declare
        v_name text;
        v_rev bigint;
      begin
        select u.display_name into v_name from users u
        where u.id = p_user and u.anonymised_at is null for no key update;
        if not found then
          return;
        end if;
        if v_name is distinct from p_name then
          v_rev := personal_bump_v1(p_user);
          update users u set display_name = p_name, profile_rev = u.profile_rev + 1, feed_rev = v_rev where u.id = p_user;
        end if;
        return query select v_rev, u.id, u.kind, u.display_name, u.tag, u.username, u.profile_rev
          from users u where u.id = p_user;
      end
      $function$
;

CREATE OR REPLACE FUNCTION users_json_v1(p_ids uuid[])
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
        select coalesce(json_agg(author_json_v1(u)), '[]') from users u where u.id = any (p_ids)
      $function$
;

