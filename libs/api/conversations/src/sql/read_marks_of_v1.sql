-- Returns the read marks of a conversation's other members, as [{userId, readSeq, deliveredSeq}].
--
-- Only members who send read receipts and don't appear offline are shown. Null if the reader doesn't send them either.
create or replace function read_marks_of_v1(p_conversation uuid, p_reader uuid)
returns json
language sql stable as $$
  select case
    when coalesce(
      (select s.sends_receipts and not s.appears_offline from personal_settings s where s.user_id = p_reader),
      true
    ) then (
      select coalesce(
        json_agg(json_build_object('userId', m.user_id, 'readSeq', m.shown_seq, 'deliveredSeq', m.delivered_seq)),
        '[]'
      )
      from memberships m
      left join personal_settings s on s.user_id = m.user_id
      where m.conversation_id = p_conversation and m.user_id <> p_reader and m.state = 'joined'
        and coalesce(s.sends_receipts and not s.appears_offline, true)
    )
  end
$$;
