-- An address that refuses mails of this kind in one click; none for what accounts itself has to say.
alter table mail add column unsubscribe text;

-- Mails that other services had queued, so that each is queued once; whose they are, so that they go with them.
create table mail_key (
  key text primary key,
  person_id uuid not null references person on delete cascade,
  created_at timestamptz not null default now()
);
create index mail_key_person on mail_key (person_id);
create index mail_key_age on mail_key (created_at);

-- Kinds of mails that a person does not want.
create table mail_refusal (
  person_id uuid not null references person on delete cascade,
  kind text not null,
  refused_at timestamptz not null default now(),
  primary key (person_id, kind)
);
