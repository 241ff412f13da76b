-- Decides if p_user may do p_verb on the friendship with p_other.
--
-- p_state is the state of p_user's row, p_next the one after the verb (see friend_next_state_v1). p_has_declined is
-- true if p_other has declined p_user too recently. p_max_requests limits the open requests of p_user; p_max_friends
-- limits the friends of each and the open requests to p_other.
-- Returns null if p_user may, else the error code: session_ended (p_user is deleted), not_found (p_other is deleted,
-- unknown or p_user, or there is no request to accept), not_accepting (a block either way, or p_other gets no request
-- for any reason), limit_reached.
-- The caller holds the locks of lock_pair_v1.
create or replace function friend_refusal_v1(
  p_user uuid, p_other uuid, p_verb text, p_state text, p_next text, p_has_declined boolean,
  p_max_requests integer, p_max_friends integer
)
returns text
language sql stable as $$
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
$$;
