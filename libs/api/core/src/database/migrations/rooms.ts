import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rooms: made, changed, and the links into them. Locks: the head, then the users by id, then personal heads by id. */
export class Rooms1790000018000 implements MigrationInterface {
  readonly name = 'Rooms1790000018000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Whether an address, or one that looks like it, belongs to a room that people can find. Private ones don't count.
      create function slug_is_taken_v1(p_slug text, p_skeleton text, p_except uuid) returns boolean language sql stable as $$
        select exists (select from conversations c where c.slug = p_slug and c.visibility is distinct from 'private' and c.id <> p_except)
          or exists (select from conversations c where c.slug_skeleton = p_skeleton and c.visibility is distinct from 'private' and c.id <> p_except)
      $$;

      -- Makes a room with its owner, under the first of the slugs that is free. A slug that was chosen is alone, unless the
      -- room is private: that it is taken by another private room is nobody's business. The answer of a repeat is exists.
      create function room_create_v1(p_actor uuid, p_id uuid, p_room json, p_slugs text[], p_skeletons text[], p_is_chosen boolean,
        p_guest_per_day integer, p_member_per_day integer)
      returns setof member_told_v1 language plpgsql volatile as $$
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
      $$;

      -- Changes what p_change names: a moderator title, topic and slow mode, the owner everything. rev is null where
      -- nothing changed.
      create function room_settings_v1(p_conversation uuid, p_actor uuid, p_change jsonb, p_slugs text[], p_skeletons text[])
      returns table (code text, rev bigint) language plpgsql volatile as $$
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
      $$;

      -- Why p_actor may not look after the links of a room, or null.
      create function invite_refusal_v1(p_conversation uuid, p_actor uuid) returns text language sql stable as $$
        select case coalesce((select m.role from memberships m join conversations c on c.id = m.conversation_id
            where m.conversation_id = p_conversation and m.user_id = p_actor and m.state = 'joined' and c.kind = 'room'), 'nobody')
          when 'nobody' then 'not_found'
          when 'member' then 'forbidden'
        end
      $$;

      create function invite_is_open_v1(p_invite room_invites) returns boolean language sql volatile as $$
        select p_invite.revoked_at is null and coalesce(p_invite.expires_at > clock_timestamp(), true)
          and coalesce(p_invite.uses < p_invite.max_uses, true)
      $$;

      create function invite_create_v1(p_conversation uuid, p_actor uuid, p_id uuid, p_hash bytea, p_max_uses integer, p_expires_ms bigint, p_most integer)
      returns table (code text, invite json) language plpgsql volatile as $$
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
      $$;

      create function invite_revoke_v1(p_conversation uuid, p_actor uuid, p_id uuid)
      returns table (code text, invite json) language plpgsql volatile as $$
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
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
