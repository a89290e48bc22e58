import type { Sql } from '@colonnade/db'
import type { Image } from './contract.ts'

/** What is known of an image. `bytes` and `mime` are of its cleaned original. */
export type ImageRow = Image & { mime: string; bytes: number; name: string; createdAt: Date }

const columns = (sql: Sql) => sql`
  id, kind, width, height, mime, bytes, name, fallback, created_at as "createdAt"`

/** Null becomes absent, as the contract has it. */
type Found = Omit<ImageRow, 'fallback'> & { fallback: 'jpg' | 'png' | null }
const asRow = ({ fallback, ...row }: Found): ImageRow => (fallback ? { ...row, fallback } : row)

/** One image, or undefined. */
export async function findImage(sql: Sql, id: string): Promise<ImageRow | undefined> {
  const [row] = await sql<Found[]>`select ${columns(sql)} from media.image where id = ${id}`
  return row && asRow(row)
}

/** Adds an image unless it is there; either way what is there then. `owner` is the person whose photo it is. */
export async function putImage(
  sql: Sql,
  image: Omit<ImageRow, 'createdAt'>,
  owner?: string,
): Promise<ImageRow> {
  const [row] = await sql<Found[]>`
    insert into media.image (id, kind, width, height, mime, bytes, name, fallback, owner)
    values (${image.id}, ${image.kind}, ${image.width}, ${image.height}, ${image.mime}, ${image.bytes},
      ${image.name}, ${image.fallback ?? null}, ${owner ?? null})
    on conflict (id) do update set id = excluded.id
    returning ${columns(sql)}`
  if (!row) throw new Error('an upsert returned no row')
  return asRow(row)
}

/** Images, the newest first, beyond a place in that order. */
export async function listImages(
  sql: Sql,
  { after, limit }: { after: { createdAt: string; id: string } | null; limit: number },
): Promise<(ImageRow & { place: string })[]> {
  const beyond = after
    ? sql`where (created_at, id) < (${after.createdAt}::timestamptz, ${after.id})`
    : sql``
  const rows = await sql<(Found & { place: string })[]>`
    select ${columns(sql)}, created_at::text as place from media.image ${beyond}
    order by created_at desc, id desc limit ${limit}`
  return rows.map(({ place, ...row }) => ({ ...asRow(row), place }))
}

/** Photos of a person, the newest first. */
export async function listPhotos(sql: Sql, owner: string): Promise<ImageRow[]> {
  const rows = await sql<Found[]>`
    select ${columns(sql)} from media.image where owner = ${owner} order by created_at desc`
  return rows.map(asRow)
}

/** Forgets an image. */
export async function deleteImage(sql: Sql, id: string): Promise<void> {
  await sql`delete from media.image where id = ${id}`
}

/** Id and type of every image, a thousand at a time. */
export async function* listAllImages(sql: Sql): AsyncIterable<{ id: string; mime: string }> {
  for await (const rows of sql<{ id: string; mime: string }[]>`
    select id, mime from media.image order by id`.cursor(1000)) {
    yield* rows
  }
}
