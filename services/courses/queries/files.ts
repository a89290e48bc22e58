import type { Sql, Transaction } from '@colonnade/db'

/**
 * Which of these contents are kept already, and stay until the transaction ends; as everywhere here, by hexadecimal
 * SHA-256.
 */
export async function listKnownBlobs(
  tx: Transaction,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await tx<{ hash: string }[]>`
    select encode(sha256, 'hex') as hash from courses.blob
    where sha256 in (select decode(h, 'hex') from unnest(${[...hashes]}::text[]) as given (h))
    for key share`
  return new Set(rows.map((row) => row.hash))
}

export async function insertBlob(
  tx: Transaction,
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  await tx`
    insert into courses.blob (sha256, bytes) values (decode(${sha256}, 'hex'), ${Buffer.from(bytes)})
    on conflict do nothing`
}

/** Deletes a revision's files, and the contents that no other revision has. */
export async function deleteFiles(tx: Transaction, revisionId: number): Promise<void> {
  const contents = await tx<{ hash: string }[]>`
    delete from courses.file where revision_id = ${revisionId}
    returning encode(sha256, 'hex') as hash`
  // Locked first and looked at then: whoever is about to use one holds it, or waits until it is gone.
  const held = await tx<{ hash: string }[]>`
    select encode(sha256, 'hex') as hash from courses.blob
    where sha256 in ${contentsOf(tx, contents)} for update skip locked`
  await tx`
    delete from courses.blob b where b.sha256 in ${contentsOf(tx, held)}
      and not exists (select from courses.file f where f.sha256 = b.sha256)`
}

const contentsOf = (tx: Transaction, rows: readonly { hash: string }[]) => tx`(
  select decode(h, 'hex') from unnest(${rows.map(({ hash }) => hash)}::text[]) as given (h))`

export async function insertFiles(
  tx: Transaction,
  revisionId: number,
  files: readonly { path: string; sha256: string }[],
): Promise<void> {
  await tx`
    insert into courses.file (revision_id, path, sha256)
    select ${revisionId}, f.path, decode(f.sha256, 'hex') from unnest(${files.map((file) => file.path)}::text[],
      ${files.map((file) => file.sha256)}::text[]) as f (path, sha256)`
}

/**
 * A file of the published course at a slug, and how many bytes it has. What the course was written in is no download:
 * lessons and banks hold the answers of their quizzes, and whatever page is not shown may.
 */
export async function findFile(
  sql: Sql,
  slug: string,
  path: string,
): Promise<{ sha256: string; size: number } | undefined> {
  const [row] = await sql<{ sha256: string; size: number }[]>`
    select encode(b.sha256, 'hex') as sha256, length(b.bytes) as size
    from courses.course c
    join courses.file f on f.revision_id = c.revision_id and f.path = ${path}
    join courses.blob b on b.sha256 = f.sha256
    where c.slug = ${slug} and f.path !~* '^colonnade/.*[.]ya?ml$'
      and (f.path !~* '[.](r?md|markdown)$' or f.path ~* '^licen[cs]e[^/]*$')
      and not exists (
        select from courses.lesson_revision l
        where l.revision_id = c.revision_id and l.path = f.path)`
  return row
}

/** A file of a course's draft, whichever: only its teachers ask. */
export async function findDraftFile(
  sql: Sql,
  courseId: number,
  path: string,
): Promise<{ sha256: string; size: number } | undefined> {
  const [row] = await sql<{ sha256: string; size: number }[]>`
    select encode(b.sha256, 'hex') as sha256, length(b.bytes) as size
    from courses.draft d
    join courses.file f on f.revision_id = d.revision_id and f.path = ${path}
    join courses.blob b on b.sha256 = f.sha256
    where d.course_id = ${courseId}`
  return row
}

/** Paths of the files a published course was imported from, in order; empty for one that was seeded. */
export async function listFiles(
  sql: Sql,
  courseId: number,
): Promise<{ path: string; sha256: string }[]> {
  return await sql<{ path: string; sha256: string }[]>`
    select f.path, encode(f.sha256, 'hex') as sha256 from courses.course c
    join courses.file f on f.revision_id = c.revision_id
    where c.id = ${courseId} order by f.path collate "C"`
}

/** Some bytes of a content, from a place counted from 0. Postgres reads no others, because none is compressed. */
export async function findBytes(
  sql: Sql,
  sha256: string,
  from: number,
  length: number,
): Promise<Buffer | undefined> {
  const [row] = await sql<{ bytes: Buffer }[]>`
    select substring(bytes from ${from + 1}::int for ${length}::int) as bytes from courses.blob
    where sha256 = decode(${sha256}, 'hex')`
  return row?.bytes
}

export async function findBlob(sql: Sql, sha256: string): Promise<Buffer | undefined> {
  const [row] = await sql<{ bytes: Buffer }[]>`
    select bytes from courses.blob where sha256 = decode(${sha256}, 'hex')`
  return row?.bytes
}
