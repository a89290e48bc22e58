-- outside a transaction
-- The desk of a course that is hidden is found by the slug that its revisions had.
create index concurrently if not exists plan_slug on learning.plan ((document ->> 'slug'));
