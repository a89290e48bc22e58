-- [{key, title, draw, shuffle, questions}] as packages/questions describes them, with their answers: no public page or
-- answer may hold them as they are.
alter table lesson_revision add column quizzes jsonb not null default '[]';
