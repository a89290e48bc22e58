-- The person whose photo it is; null for images of the site. Unlike others it goes when they go.
alter table image add column owner uuid;
