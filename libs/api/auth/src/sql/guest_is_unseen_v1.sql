-- Returns true if a user is a guest who was last seen more than p_unseen_ms milliseconds ago and has no live session.
create or replace function guest_is_unseen_v1(p_user users, p_unseen_ms bigint)
returns boolean
language sql stable as $$
  select p_user.kind = 'guest'
    and p_user.anonymised_at is null
    and p_user.last_seen_at < now() - p_unseen_ms * interval '1 millisecond'
    and not exists (
      select
      from sessions s
      where s.user_id = p_user.id and s.ended_at is null and s.expires_at > now()
    )
$$;
