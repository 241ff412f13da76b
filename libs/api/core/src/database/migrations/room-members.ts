import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who comes into a room and what they are there. Locks: the head, the users by id, personal heads by id. */
export class RoomMembers1790000017000 implements MigrationInterface {
  readonly name = 'RoomMembers1790000017000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Why p_user may not enter a room by themselves, or null. v_invite: the link they came by, of this room.
      create function entry_refusal_v1(p_conversation conversations, p_was memberships, p_kind text, p_invite room_invites)
      returns text language sql stable as $$
        select case
          when p_conversation.kind <> 'room' then 'not_found'
          when p_conversation.visibility = 'private' and p_was.state is distinct from 'invited' then case
            when p_invite.id is null then 'not_found'
            when p_invite.revoked_at is not null or p_invite.expires_at <= clock_timestamp() or p_invite.uses >= p_invite.max_uses then 'invite_ended'
          end
        end
      $$;

      -- Why p_actor may not do this to p_user's membership, or null; exists: it is so already. p_actor null is the server itself.
      create function membership_refusal_v1(p_conversation conversations, p_actor memberships, p_was memberships, p_verb text, p_role text)
      returns text language sql immutable as $$
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
      $$;

      -- One change of a membership of a room or the lobby: join, leave, invite, remove, ban, unban, mute, unmute, appoint,
      -- hand_over. p_actor null is the server itself. Who follows an owner is told too. Above p_large members joins and
      -- leaves take no rev of the conversation, and an invitation, which is nobody else's business, takes none at all.
      create function membership_change_v3(p_conversation uuid, p_actor uuid, p_user uuid, p_verb text, p_role text,
        p_muted_until timestamptz, p_large integer, p_invite bytea, p_invitations integer, p_rooms integer)
      returns setof member_told_v1 language plpgsql volatile as $$
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
      $$;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
