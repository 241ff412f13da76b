-- Returns the state of a user's row of a friendship after p_verb; null if the verb changes nothing.
--
-- p_state is the state before. The row of the other user gets the same state, or received if this one gets sent.
create or replace function friend_next_state_v1(p_verb text, p_state text)
returns text
language sql immutable as $$
  select case
    when p_verb = 'request' and p_state = 'none' then 'sent'
    -- Two requests that cross make a friendship at once.
    when p_verb = 'request' and p_state = 'received' then 'friend'
    when p_verb = 'accept' and p_state = 'received' then 'friend'
    when p_verb = 'decline' and p_state = 'received' then 'none'
    when p_verb = 'withdraw' and p_state = 'sent' then 'none'
    when p_verb = 'remove' and p_state = 'friend' then 'none'
  end
$$;
