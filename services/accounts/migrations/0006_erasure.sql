-- Somebody who wants to be forgotten. Who knows its id may read the receipt; nothing in it says who they were.
create table erasure (
  id uuid primary key,
  -- Of nobody any more here; the other services still know them by it until they have answered.
  person_id uuid not null,
  -- Where the receipt goes; taken away when it is on its way.
  email text,
  language text not null,
  asked_at timestamptz not null default now(),
  told_at timestamptz
);
create index erasure_age on erasure (asked_at);

-- What every service is asked, until it has answered, and once more after the last token of the person has ended.
create table erasure_part (
  erasure_id uuid not null references erasure on delete cascade,
  service text not null,
  -- How often it has answered.
  rounds integer not null default 0,
  erased jsonb not null default '[]',
  kept jsonb not null default '[]',
  tries integer not null default 0,
  next_try timestamptz not null default now(),
  primary key (erasure_id, service)
);
create index erasure_part_next on erasure_part (next_try) where rounds < 2;
