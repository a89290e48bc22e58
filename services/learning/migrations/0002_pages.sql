-- The address of a person's calendar. Whoever has the token reads it, so it can be replaced.
create table calendar (
  person uuid primary key,
  token text not null unique,
  made_at timestamptz not null default now()
);

-- Files handed in with essays, a few megabytes each: they are in the same backup and the same transaction as the answers.
create table handed_in (
  id uuid primary key,
  attempt_id uuid not null references attempt,
  question text not null,
  name text not null,
  -- By content.
  type text not null,
  size integer not null,
  bytes bytea not null,
  at timestamptz not null default now()
);
create index handed_in_attempt on handed_in (attempt_id);
-- Most are compressed already.
alter table handed_in alter column bytes set storage external;

-- Who was told that something is due.
create table reminder (
  enrolment_id uuid not null references enrolment,
  item text not null,
  due_at timestamptz not null,
  at timestamptz not null default now(),
  primary key (enrolment_id, item)
);
