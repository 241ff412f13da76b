-- Returns those of the found messages that still exist and that the user may read.
--
-- p_conversations and p_seqs: the found messages; n is the place in these arrays, from 1. p_since (inclusive) and
-- p_until (exclusive) bound created_at; null for no bound. message: a row of message_states_v1, without its quote if
-- the user has cleared what is quoted. author: null if the author's user row is gone.
create or replace function search_live_v1(
  p_user uuid, p_conversations uuid[], p_seqs bigint[], p_since timestamptz, p_until timestamptz
)
returns table (n bigint, message json, author json)
language sql stable as $$
  select x.n,
    case
      when (s.quote->>'seq')::bigint <= m.cleared_seq then (to_jsonb(s) - 'quote')::json
      else to_json(s)
    end,
    author_json_v1(u)
  from unnest(p_conversations, p_seqs) with ordinality as x(conversation_id, seq, n)
  join conversations c on c.id = x.conversation_id
  join conversation_heads h on h.conversation_id = c.id
  left join memberships m on m.conversation_id = c.id and m.user_id = p_user
  join message_states_v1 s on s.conversation_id = x.conversation_id and s.seq = x.seq
  left join users u on u.id = s.author_id
  where case when c.kind = 'lobby' then m.state is distinct from 'banned' else m.state = 'joined' end
    and s.deleted_at is null and x.seq > h.floor_seq and x.seq > coalesce(m.cleared_seq, 0)
    and (p_since is null or s.created_at >= p_since) and (p_until is null or s.created_at < p_until)
$$;
