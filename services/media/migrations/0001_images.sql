-- What is known of an image; its bytes are in the storage, under a key made from its id.
create table image (
  -- Hash of the bytes that were sent: sending them again finds the image that is there.
  id text primary key check (id ~ '^[0-9a-f]{40}$'),
  kind text not null check (kind in ('raster', 'svg')),
  -- Pixels, after the orientation a camera noted was applied; an SVG's are CSS pixels.
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  -- Type and size of the cleaned original that variants are made from.
  mime text not null,
  bytes bigint not null check (bytes > 0),
  -- The format for browsers that know neither AVIF nor WebP; an SVG has none.
  fallback text check (fallback in ('jpg', 'png')),
  -- What the sender called it: for the operator's eyes, never part of an address.
  name text not null default '',
  created_at timestamptz not null default now(),
  check ((kind = 'raster') = (fallback is not null))
);

create index image_newest on image (created_at desc, id desc);
