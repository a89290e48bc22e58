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
