-- Returns the personal settings of a user: the stored row, or the defaults with feed_rev 0 if there is none.
create or replace function settings_of_v1(p_user uuid)
returns personal_settings
language plpgsql stable as $$
declare
  v_settings personal_settings;
begin
  select * into v_settings
  from personal_settings s
  where s.user_id = p_user;
  if not found then
    v_settings.user_id := p_user;
    v_settings.who_may_message := 'friends';
    v_settings.accepts_requests := true;
    v_settings.appears_offline := false;
    v_settings.shows_last_seen := true;
    v_settings.sends_receipts := true;
    v_settings.feed_rev := 0;
  end if;
  return v_settings;
end
$$;
