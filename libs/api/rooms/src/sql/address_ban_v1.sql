-- Keeps the address of a banned guest, so that new guests from there are banned too.
--
-- Returns kept; shared if more than p_people users had the address within the last hour; unknown if no address of the
-- guest is stored (loopback and private ones never are); null for a member. Writes only for kept.
-- p_ms: how long the ban holds, in milliseconds.
-- Locks: the address ban. The caller holds the lock of the conversation head.
create or replace function address_ban_v1(p_conversation uuid, p_user uuid, p_ms bigint, p_people integer)
returns text
language plpgsql volatile as $$
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
$$;
