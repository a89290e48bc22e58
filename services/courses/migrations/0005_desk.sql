-- A revision that nobody but its teachers sees yet. Until it is published its number is 0, so a course has one at most;
-- what publishing needs beside the revision's own rows waits here.
create table draft (
  course_id bigint primary key references course,
  revision_id bigint not null unique references revision,
  key text not null,
  slug text not null,
  -- {description, minutes, lessonCount, columns, firstLesson}
  listing jsonb not null,
  -- What other services are given when it is published: {people, organisations, testimonials} or null, and reviews.
  teaching jsonb,
  examples jsonb not null default '[]',
  uploaded_at timestamptz not null default now()
);

-- Whose course it is: who uploaded it first. Courses that the operator imports have none.
create table course_owner (
  course_id bigint primary key references course,
  person uuid not null,
  -- The owner took it off the site, so the owner may show it again; what others took off, they may not.
  hidden boolean not null default false,
  since timestamptz not null default now()
);
create index course_owner_person on course_owner (person, course_id desc);
