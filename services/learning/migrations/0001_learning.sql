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

-- How a course takes people. `taken` counts who is enrolled now: the database itself refuses one too many.
create table intake (
  course_id bigint primary key,
  mode text not null default 'open' check (mode in ('open', 'code', 'closed')),
  code text,
  starts_at timestamptz,
  ends_at timestamptz,
  seats integer check (seats >= 0),
  taken integer not null default 0 check (taken >= 0),
  constraint intake_seats check (seats is null or taken <= seats),
  check (mode <> 'code' or code is not null)
);

-- Revisions of courses as they were given by courses. None ever changes, so work goes on while courses are away.
create table plan (
  course_id bigint not null,
  revision integer not null,
  document jsonb not null,
  primary key (course_id, revision)
);

-- Who leaves and comes back goes on with the same row: their work is kept, and attempts stay counted.
create table enrolment (
  id uuid primary key,
  person uuid not null,
  course_id bigint not null,
  revision integer not null,
  run text not null default 'self-paced',
  enrolled_at timestamptz not null default now(),
  left_at timestamptz,
  -- Once set, never taken back.
  completed_at timestamptz,
  unique (person, course_id)
);
create index enrolment_course on enrolment (course_id, id);

-- What learners did, as their devices tell it. Rows are added, and never changed or removed but by erasure.
create table log (
  enrolment_id uuid not null references enrolment,
  id uuid not null,
  -- Grows in the order in which an enrolment's entries became visible: it is drawn while the enrolment is locked.
  place bigint generated always as identity,
  type text not null,
  -- By the device's clock, set right by the difference it told; milliseconds since 1970.
  at bigint not null,
  received_at timestamptz not null,
  lesson text,
  item text,
  attempt uuid,
  question text,
  after uuid,
  -- Other versions that this one puts an end to.
  settles uuid[] not null default '{}',
  data jsonb not null,
  state text not null check (state in ('kept', 'late', 'refused')),
  why text,
  primary key (enrolment_id, id)
);
create unique index log_place on log (enrolment_id, place);
create index log_beside on log (attempt) where state <> 'kept' and attempt is not null;

-- Of each subject (an answer, a note, a place) the versions that no other follows: one, or as many as devices disagree.
create table head (
  enrolment_id uuid not null references enrolment,
  subject text collate "C" not null,
  entry uuid not null,
  primary key (enrolment_id, subject, entry)
);
-- Versions that were followed before they arrived themselves.
create table awaited (
  enrolment_id uuid not null references enrolment,
  subject text collate "C" not null,
  entry uuid not null,
  primary key (enrolment_id, subject, entry)
);

-- What the log says of each lesson, added up as entries come.
create table progress (
  enrolment_id uuid not null references enrolment,
  lesson text not null,
  reached_at timestamptz not null,
  last_at timestamptz not null,
  seconds integer not null default 0,
  done_at timestamptz,
  primary key (enrolment_id, lesson)
);

create table attempt (
  id uuid primary key,
  enrolment_id uuid not null references enrolment,
  item text not null,
  number integer not null,
  -- Whose questions were asked, and by which seed.
  revision integer not null,
  seed text not null,
  started_at timestamptz not null default now(),
  ends_at timestamptz,
  ended_at timestamptz,
  ended_by text check (ended_by in ('submit', 'time')),
  -- What counted when it ended, and what it was worth then; later marks stand in `mark`.
  answers jsonb,
  marks jsonb,
  points double precision,
  out_of double precision,
  -- Questions that still wait for a teacher.
  waiting integer not null default 0,
  check ((ended_at is null) = (marks is null)),
  unique (enrolment_id, item, number)
);
create index attempt_running on attempt (ends_at) where ended_at is null and ends_at is not null;
create index attempt_waiting on attempt (enrolment_id) where waiting > 0;
create unique index attempt_one on attempt (enrolment_id, item) where ended_at is null;

create table regrade (
  id uuid primary key,
  course_id bigint not null,
  revision integer not null,
  -- Null: the operator.
  by uuid,
  reason text not null default '',
  -- How many grades changed; null while it is under way.
  changed integer,
  at timestamptz not null default now()
);
create index regrade_course on regrade (course_id, at);

-- Marks of single questions, by a teacher or a regrading; a later one holds, and a teacher's over a regrading's.
create table mark (
  id uuid primary key,
  attempt_id uuid not null references attempt,
  question text not null,
  points double precision not null check (points >= 0),
  verdict text,
  by uuid,
  regrade_id uuid references regrade,
  -- Points by the rubric's key.
  rubric jsonb not null default '{}',
  comment text not null default '',
  at timestamptz not null default now()
);
create index mark_attempt on mark (attempt_id, id);

-- More time or attempts for one learner at one item. The most generous holds.
create table extension (
  id uuid primary key,
  enrolment_id uuid not null references enrolment,
  item text not null,
  due_at timestamptz,
  minutes integer check (minutes > 0),
  attempts integer check (attempts > 0),
  by uuid,
  reason text not null default '',
  at timestamptz not null default now()
);
create index extension_enrolment on extension (enrolment_id, item);

-- The latest grade, as the pure function gave it, for lists. Its trace is not kept: it is the same function's, asked when
-- somebody reads it, and would be a hundred times the size of the rest.
create table grade (
  enrolment_id uuid primary key references enrolment,
  revision integer not null,
  share double precision not null,
  threshold text,
  -- Questions that wait for a teacher.
  waiting integer not null,
  graded_at timestamptz not null default now()
);

-- Enrolments that were moved to another revision.
create table move (
  enrolment_id uuid not null references enrolment,
  from_revision integer not null,
  to_revision integer not null,
  by uuid,
  at timestamptz not null default now(),
  primary key (enrolment_id, at)
);
