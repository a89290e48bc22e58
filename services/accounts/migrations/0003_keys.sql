-- What programs act by in somebody's name. Only the digest is kept: the token itself is shown once.
create table api_token (
  id uuid primary key,
  digest bytea not null unique,
  person_id uuid not null references person on delete cascade,
  name text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index api_token_person on api_token (person_id);
create index api_token_end on api_token (expires_at);

-- The second factor: an app that makes codes of a secret and the time. It counts when it was confirmed by a code.
create table second_factor (
  person_id uuid primary key references person on delete cascade,
  -- Encrypted with the key that signs cookies.
  secret text not null,
  confirmed_at timestamptz,
  -- The half minute of the code that was taken last: none counts twice.
  last_step bigint not null default 0,
  created_at timestamptz not null default now()
);

-- Each takes the place of one code, once.
create table recovery_code (
  digest bytea primary key,
  person_id uuid not null references person on delete cascade
);
create index recovery_code_person on recovery_code (person_id);

-- Somebody whose password was right, and whose code is still asked for.
create table half_sign_in (
  digest bytea primary key,
  person_id uuid not null references person on delete cascade,
  expires_at timestamptz not null
);
create index half_sign_in_person on half_sign_in (person_id);
create index half_sign_in_end on half_sign_in (expires_at);
