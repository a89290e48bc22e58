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
