-- Bans a guest who is being created from wherever somebody of the same address is banned.
--
-- Called in the statement that creates the guest, so that there is no moment at which the guest may read or write.
-- Returns the number of bans. p_address is null where no address is stored. p_most: how many bans are written at most,
-- those that last longest.
-- Locks: the new memberships, which nobody else knows of.
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
