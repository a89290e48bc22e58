-- One review per learner and course. A learner is a UUID and a name until people exist.
create table review (
  id uuid primary key,
  course_id bigint not null,
  learner uuid not null,
  stars smallint not null check (stars between 1 and 5),
  -- Made up for a sample; whoever shows it says so.
  example boolean not null default false,
  -- Came with the course folder: the next import replaces it.
  imported boolean not null default false,
  helpful integer not null default 0 check (helpful >= 0),
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  author text not null,
  text text not null default ''
);
create unique index review_learner on review (course_id, learner);
create index review_newest on review (course_id, created_at desc, id desc);
create index review_helpful on review (course_id, helpful desc, created_at desc, id desc);
create index review_imported on review (course_id) where imported;

-- Who found a review helpful; `review.helpful` counts them.
create table helpful (
  review_id uuid not null references review on delete cascade,
  voter uuid not null,
  primary key (review_id, voter)
);

-- What a course's reviews come to, kept by every write of a review in its own transaction. The examples among them
-- are counted apart, so that nobody need take them for what people said.
create table summary (
  course_id bigint primary key,
  count integer not null default 0 check (count >= 0),
  sum integer not null default 0,
  n1 integer not null default 0 check (n1 >= 0),
  n2 integer not null default 0 check (n2 >= 0),
  n3 integer not null default 0 check (n3 >= 0),
  n4 integer not null default 0 check (n4 >= 0),
  n5 integer not null default 0 check (n5 >= 0),
  example_count integer not null default 0 check (example_count >= 0),
  example_sum integer not null default 0,
  version bigint not null default 1
) with (fillfactor = 50);

-- A copy from packages/db/idempotency.ts.
create table idempotency (
  scope text not null,
  key text not null,
  request bytea not null,
  status smallint not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);
create index idempotency_age on idempotency (created_at);

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
