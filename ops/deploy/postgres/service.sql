-- One service's schema and its two roles: the owner changes tables (colonnade migrate, seed), the application only their
-- rows. Variables: service, owner_password and app_password; an empty one leaves the password as it is.
set client_min_messages = warning;
\set owner :service _owner
\set app :service _app

select format('create role %I login', role)
from unnest(array[:'owner', :'app']) role
where not exists (select from pg_roles where rolname = role) \gexec
alter role :"owner" with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role :"app" with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls;

select :'owner_password' <> '' as owner_gets_one, :'app_password' <> '' as app_gets_one \gset
\if :owner_gets_one
alter role :"owner" password :'owner_password';
\endif
\if :app_gets_one
alter role :"app" password :'app_password';
\endif

-- The owner loads a seed in a schema of its own, beside the live tables.
grant connect, create, temporary on database colonnade to :"owner";
grant connect on database colonnade to :"app";

create schema if not exists :"service" authorization :"owner";
grant usage on schema :"service" to :"app";
grant select, insert, update, delete on all tables in schema :"service" to :"app";
grant usage, select on all sequences in schema :"service" to :"app";
alter default privileges for role :"owner" in schema :"service"
  grant select, insert, update, delete on tables to :"app";
alter default privileges for role :"owner" in schema :"service"
  grant usage, select on sequences to :"app";

-- The services ask for shorter ones; these bind whoever comes in by their names.
alter role :"app" set statement_timeout = '30s';
alter role :"app" set lock_timeout = '5s';
alter role :"app" set idle_in_transaction_session_timeout = '30s';
