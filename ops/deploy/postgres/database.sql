-- The database, open to nobody that is not named. Run by the superuser, as often as you like.
select 'create database colonnade template template0 encoding ''UTF8'''
where not exists (select from pg_database where datname = 'colonnade') \gexec

revoke all on database colonnade from public;
revoke all on database postgres from public;

\connect colonnade
set client_min_messages = warning;
-- Here, because only a superuser or whoever may create in the database can; migrations find them.
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
revoke all on schema public from public;
grant usage on schema public to public;
