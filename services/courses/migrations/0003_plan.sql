-- {zone, attempt, groups, late, thresholds, completion} as packages/questions/policy.ts describes them; null in
-- revisions from before.
alter table revision add column policy jsonb;
-- Names of who offers the course, as this revision says it.
alter table revision add column organisations text[] not null default '{}';
-- {group, attempts, minutes, due}; null for what does not count.
alter table item_revision add column graded jsonb;
alter table item_revision drop constraint item_revision_kind_check;
alter table item_revision add constraint item_revision_kind_check
  check (kind in ('video', 'reading', 'quiz', 'exercise', 'assignment')) not valid;
