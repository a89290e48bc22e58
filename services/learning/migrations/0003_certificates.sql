create table certificate (
  id uuid primary key,
  enrolment uuid not null unique,
  -- Whose it is, and the name as it stands on it: both null once that person had themselves erased.
  person uuid,
  learner text,
  course_id bigint not null,
  course_slug text not null,
  course_title text not null,
  course_language text not null,
  organisations text[] not null,
  -- The modules as they were, each a title and its minutes.
  modules jsonb not null,
  -- From 0 to 1, and the threshold's name that it reached; null where nothing is graded.
  grade_share double precision,
  grade_threshold text,
  issued_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_reason text,
  -- Its place in the status lists: a list holds 131,072.
  status_number integer not null generated always as identity (minvalue 0 start 0) unique,
  status_changed_at timestamptz not null default now(),
  -- The signed credential as it was first handed out, and by whom it says it was issued.
  credential text,
  credential_issuer text
);
create index certificate_person on certificate (person);
create index certificate_revoked on certificate (status_number) where revoked_at is not null;

-- The keys that credentials are signed with, each a JWK. The last one signs; all are published.
create table credential_key (
  number smallint primary key,
  key jsonb not null,
  made_at timestamptz not null default now()
);

-- Completed enrolments whose certificate is not issued yet: written with the completion, so none is forgotten.
create table certificate_due (
  enrolment uuid primary key references enrolment on delete cascade,
  tries integer not null default 0
);
