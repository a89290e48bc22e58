-- The tables of people, sessions, credentials and verifications have the columns that better-auth asks for
-- (auth.ts maps its names to these); the rest is ours.
create table person (
  id uuid primary key,
  name text not null,
  -- In small letters: two spellings of one address are one person.
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  roles text[] not null default '{learner}'
    check (roles <@ '{learner,instructor,administrator}' and cardinality(roles) > 0),
  language text not null default 'en',
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table session (
  id uuid primary key,
  -- Opaque. The cookie carries it with a signature, so reading this table is not enough to be somebody.
  token text not null unique,
  person_id uuid not null references person on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_person on session (person_id);
create index session_end on session (expires_at);

-- Ways to sign in: a password, or an account at a provider.
create table credential (
  id uuid primary key,
  account_id text not null,
  provider_id text not null,
  person_id uuid not null references person on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index credential_person on credential (person_id);

create table verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on verification (identifier);
create index verification_end on verification (expires_at);

-- What signs cookies, and the keys that sign tokens: made once, the same for every process.
create table secret (
  name text primary key,
  value jsonb not null,
  created_at timestamptz not null default now()
);

-- Links that make whoever opens them first an administrator. Only the link's digest is kept.
create table admin_link (
  digest bytea primary key,
  expires_at timestamptz not null
);

-- What is slowed when it comes too often: tries at an account, from an address, mails to somebody.
create table guess (
  subject text primary key,
  free integer not null,
  count integer not null,
  last_at timestamptz not null default now(),
  next_at timestamptz not null default now(),
  -- Whether the last try came before its time.
  refused boolean not null default false
);
create index guess_age on guess (last_at);

-- Mails to be sent: kept until they are.
create table mail (
  id uuid primary key,
  recipient text not null,
  subject text not null,
  body text not null,
  tries integer not null default 0,
  next_try timestamptz not null default now()
);
create index mail_next on mail (next_try);

-- Copies from packages/events/outbox.ts.
create sequence subject_version;
create table outbox (
  id uuid primary key default gen_random_uuid(),
  type text not null,
  version smallint not null default 1,
  subject text not null,
  subject_version bigint not null default nextval('subject_version'),
  occurred_at timestamptz not null default now(),
  data jsonb not null default '{}',
  fanned_out boolean not null default false
);
create index outbox_waiting on outbox (subject_version) where not fanned_out;
create index outbox_age on outbox (occurred_at) where fanned_out;
create table delivery (
  subscriber text not null,
  event uuid not null references outbox on delete cascade,
  tries integer not null default 0,
  next_try timestamptz not null default now(),
  primary key (subscriber, event)
);
create index delivery_event on delivery (event);
create index delivery_next on delivery (subscriber, next_try);
create table inbox (
  subject text primary key,
  subject_version bigint not null,
  event uuid not null
);
