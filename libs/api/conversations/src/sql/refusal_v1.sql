-- Returns the error code with which a conversation of any kind refuses its reader or writer, or null: the one place
-- of this rule.
-- p_state is null without a membership row. p_needs_voice: the operation says something, which a mute forbids.
-- Codes: banned, not_found, muted.
create or replace function refusal_v1(
  p_kind text, p_state text, p_muted_until timestamptz, p_needs_voice boolean, p_now timestamptz
)
returns text
language sql immutable as $$
  select case
    when p_state = 'banned' then 'banned'
    when p_kind <> 'lobby' and p_state is distinct from 'joined' then 'not_found'
    when p_needs_voice and p_muted_until > p_now then 'muted'
  end
$$;
