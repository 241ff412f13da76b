-- Bans a new guest from every conversation in which a ban holds for their address.
--
-- Must be called in the statement that creates the guest, so that the guest can't read or write before.
-- Returns the number of bans. p_address: null if no address is stored. p_most: how many bans are written at most, those
-- that end last.
-- Locks: only rows that it inserts.
create or replace function guest_bans_v1(p_user uuid, p_address text, p_most integer)
returns integer
language plpgsql volatile as $$
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
$$;
