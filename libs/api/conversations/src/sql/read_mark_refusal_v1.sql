-- Returns why a read mark can't move, or null.
--
-- p_kind and p_head: the conversation's kind and the seq of its head, null for an unknown conversation. p_was: the
-- user's membership, null if none was ever written. p_seq, p_got: the new read and delivered marks, either may be null.
-- Codes: banned, not_found, beyond (above the head), behind (below the present read mark).
create or replace function read_mark_refusal_v1(
  p_kind text, p_head bigint, p_was memberships, p_seq bigint, p_got bigint
)
returns text
language sql immutable as $$
  select case
    when p_was.state = 'banned' then 'banned'
    when p_kind is null or (p_kind <> 'lobby' and p_was.state is distinct from 'joined') then 'not_found'
    when greatest(p_seq, p_got) > p_head then 'beyond'
    when p_kind <> 'lobby' and p_seq < p_was.read_seq then 'behind'
  end
$$;
