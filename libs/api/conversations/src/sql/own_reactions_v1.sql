-- Returns a user's own reactions to some messages of a conversation, as [{seq, emoji}] by seq and emoji.
create or replace function own_reactions_v1(p_conversation uuid, p_user uuid, p_seqs bigint[])
returns json
language sql stable as $$
  select coalesce(json_agg(json_build_object('seq', r.seq, 'emoji', r.emoji) order by r.seq, r.emoji), '[]')
  from reactions r
  where r.conversation_id = p_conversation and r.user_id = p_user and r.is_on and r.seq = any (p_seqs)
$$;
