-- The photo as media keeps it: id, size and format, so that showing it asks nobody.
alter table person add column photo jsonb;
