import { ForwardMigration } from '@cloudhop/api/database';

/** Users, their sessions, tokens and codes, and the heads of personal feeds. */
export class AuthBaseline1800000001000 extends ForwardMigration {
  readonly name = 'AuthBaseline1800000001000';
  readonly sql = `
    create table users (
      id uuid primary key,
      kind text not null check (kind in ('guest', 'member', 'bot')),
      display_name text,
      tag text check (tag ~ '^[0-9a-f]{6}$'),
      username text,
      -- Counts changes of what others see. feed_rev is the personal rev of the latest one.
      profile_rev integer not null default 1,
      feed_rev bigint not null default 0,
      created_at timestamptz not null default now(),
      last_seen_at timestamptz not null default now(),
      anonymised_at timestamptz,
      -- The username for log-in (case folded), and as it looks (UTS #39 skeleton): both unique.
      username_key text,
      username_skeleton text,
      -- argon2id, with its parameters and its salt.
      password_hash text,
      avatar_color text,
      -- Keyed hash of the address that a guest used last. Cleared when a member refreshes.
      address_key text
    );
    create unique index users_tag on users (tag) where tag is not null;
    create unique index users_username on users (username) where username is not null;
    create unique index users_username_key on users (username_key) where username_key is not null;
    create unique index users_username_skeleton on users (username_skeleton) where username_skeleton is not null;
    create index users_last_seen_guests on users (last_seen_at) where kind = 'guest' and anonymised_at is null;
    -- Deleted users, whose memberships are removed one by one so that others are told.
    create index users_gone on users (anonymised_at) where anonymised_at is not null;

    create table sessions (
      id uuid primary key,
      user_id uuid not null references users (id),
      label text not null default '',
      -- The highest refresh token that was presented, and when the latest ones were, newest first.
      presented integer not null default 0,
      presentations timestamptz[] not null default '{}',
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now(),
      expires_at timestamptz not null,
      ended_at timestamptz,
      end_reason text,
      feed_rev bigint not null default 0
    );
    create index sessions_user on sessions (user_id);

    -- The head of a personal feed is also its lock: narrow, and updated in place.
    create table personal_heads (
      user_id uuid primary key,
      rev bigint not null default 0
    ) with (fillfactor = 50);

    -- Hashes of one-time codes that restore an account without its password.
    create table recovery_codes (
      code_hash bytea primary key,
      user_id uuid not null references users (id),
      created_at timestamptz not null default now()
    );
    create index recovery_codes_user on recovery_codes (user_id);

    -- Names that a user gave up. They limit how often one may rename; a member's are shown.
    create table former_names (
      user_id uuid not null,
      until timestamptz not null,
      name text,
      primary key (user_id, until)
    );

    -- Hashes of API tokens of members and bots. Erased with the account.
    create table api_tokens (
      id uuid primary key,
      user_id uuid not null references users (id),
      token_hash bytea not null unique,
      label text not null,
      scopes text[] not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz,
      last_used_at timestamptz,
      revoked_at timestamptz
    );
    create index api_tokens_user on api_tokens (user_id) where revoked_at is null;

    -- One change of a user's personal feed; with rev null a verdict: refused | exists | opened.
    create type personal_told_v1 as (user_id uuid, rev bigint, kind text, data json);
  `;
}
