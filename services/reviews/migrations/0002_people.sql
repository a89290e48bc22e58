-- outside a transaction
-- What somebody wrote, and what they voted for: asked for when they want it or go.
create index concurrently if not exists review_by_learner on reviews.review (learner);
create index concurrently if not exists helpful_voter on reviews.helpful (voter);
