-- Decides if p_actor may bring p_user into a group. Friends are added. Anybody else is invited and decides for
-- themselves, if their settings accept requests.
--
-- Returns null if p_actor may, else the error code: not_found (p_user is deleted or unknown), not_accepting (a block
-- either way, a bot, or the settings of p_user).
create or replace function group_refusal_v1(p_actor uuid, p_user uuid)
returns text
language sql stable as $$
  select case
    when not user_is_live_v1(p_user) then 'not_found'
    when has_blocked_v1(p_user, p_actor) or has_blocked_v1(p_actor, p_user) then 'not_accepting'
    when is_friend_v1(p_actor, p_user) then null
    when exists (select from users u where u.id = p_user and u.kind = 'bot') then 'not_accepting'
    when not coalesce((select s.accepts_requests from personal_settings s where s.user_id = p_user), true)
      then 'not_accepting'
  end
$$;
