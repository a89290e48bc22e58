-- outside a transaction
create index concurrently if not exists image_owner on media.image (owner) where owner is not null;
