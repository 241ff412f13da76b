import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Groups: who brings in whom, who decides, and who follows an owner. Locks: the head, the users by id, personal heads by id. */
export class Groups1790000014000 implements MigrationInterface {
  readonly name = 'Groups1790000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One membership that changed, for both feeds; alone and with a code where nothing did. exists: it was so already.
      create type member_told_v1 as (code text, is_written boolean, user_id uuid, rev bigint, feed_rev bigint, membership json);

      -- Why p_actor may not bring in p_user, or null. Whoever is no friend decides for themselves: they are invited.
      create function group_refusal_v1(p_actor uuid, p_user uuid) returns text language sql stable as $$
        select case
          when not exists (select from users u where u.id = p_user and u.anonymised_at is null) then 'not_found'
          when has_blocked_v1(p_user, p_actor) or has_blocked_v1(p_actor, p_user) then 'not_accepting'
          when exists (select from friendships f where f.user_id = p_actor and f.other_id = p_user and f.state = 'friend') then null
          when exists (select from users u where u.id = p_user and u.kind = 'bot') then 'not_accepting'
          when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_user), true) then 'not_accepting'
        end
      $$;

      -- Writes one membership at the next rev of both feeds. The head is locked by the caller.
      create function member_write_v1(p_conversation uuid, p_user uuid, p_role text, p_state text, p_inviter uuid)
      returns member_told_v1 language plpgsql volatile as $$
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
      $$;

      -- Makes a group with its first members. The answer of a repeat is exists.
      create function group_create_v1(p_actor uuid, p_id uuid, p_title text, p_color text, p_users uuid[],
        p_most integer, p_per_day integer, p_invitations integer)
      returns setof member_told_v1 language plpgsql volatile as $$
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
      $$;

      -- add, join, leave, remove, hand_over. p_actor null is the server itself, for people who are gone.
      create function group_change_v1(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_most integer, p_invitations integer)
      returns setof member_told_v1 language plpgsql volatile as $$
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
      $$;

      -- Title and colour, for the owner. Each null leaves it as it is. rev is null where nothing changed.
      create function group_settings_v1(p_conversation uuid, p_actor uuid, p_title text, p_color text)
      returns table (code text, rev bigint) language plpgsql volatile as $$
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
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
