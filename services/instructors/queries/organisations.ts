import type { Sql, Transaction } from '@colonnade/db'
import type { OrganisationInput } from '../api/schemas.ts'

// `offering.changed` is told of organisations and testimonials, and not `teaching.changed`: who copies a course's
// teachers need not hear it, and it need not wait for the course's lock.

type Connection = Sql | Transaction
export type OrganisationRow = { id: number; version: number; document: string }

const document = (sql: Connection) => sql`
  json_build_object('id', o.id, 'name', o.name, 'url', o.url, 'description', o.description,
    'example', o.example)`

export async function addOrganisation(
  sql: Connection,
  given: OrganisationInput,
): Promise<OrganisationRow> {
  const [row] = await sql<OrganisationRow[]>`
    with made as (
      insert into instructors.organisation (name, url, description, example)
      values (${given.name}, ${given.url || null}, ${given.description}, ${given.example ?? false})
      returning *
    )
    select o.id, o.version, ${document(sql)}::text as document from made o`
  if (!row) throw new Error('an insert returned nothing')
  return row
}

export async function findOrganisation(
  sql: Connection,
  id: number,
): Promise<OrganisationRow | undefined> {
  const [row] = await sql<OrganisationRow[]>`
    select o.id, o.version, ${document(sql)}::text as document
    from instructors.organisation o where o.id = ${id}`
  return row
}

/** Organisations by id. */
export async function listOrganisations(
  sql: Connection,
  { after, limit }: { after: number; limit: number },
): Promise<OrganisationRow[]> {
  return await sql<OrganisationRow[]>`
    select o.id, o.version, ${document(sql)}::text as document
    from instructors.organisation o where o.id > ${after} order by o.id limit ${limit}`
}

/** A course's organisations in their order, as one JSON array. */
export async function findCourseOrganisations(sql: Connection, courseId: number): Promise<string> {
  const [row] = await sql<{ document: string }[]>`
    select coalesce(json_agg(${document(sql)} order by f.place, o.id), '[]')::text as document
    from instructors.offered_by f join instructors.organisation o on o.id = f.organisation_id
    where f.course_id = ${courseId}`
  return row?.document ?? '[]'
}

export async function lockOrganisation(
  tx: Transaction,
  id: number,
): Promise<{ version: number } | undefined> {
  const [row] = await tx<{ version: number }[]>`
    select version from instructors.organisation where id = ${id} for update`
  return row
}

/** Replaces an organisation and tells every course it offers. @returns it, and what was told of */
export async function replaceOrganisation(
  tx: Transaction,
  id: number,
  given: OrganisationInput,
): Promise<(OrganisationRow & { told: string[] }) | undefined> {
  const [row] = await tx<(OrganisationRow & { told: string[] })[]>`
    with changed as (
      update instructors.organisation set name = ${given.name}, url = ${given.url || null},
        description = ${given.description}, example = coalesce(${given.example ?? null}, example),
        version = version + 1
      where id = ${id} returning *
    ), told as (
      insert into instructors.outbox (type, subject)
      select 'offering.changed', 'teachers-of:' || f.course_id
      from instructors.offered_by f where f.organisation_id = ${id}
      returning subject
    )
    select o.id, o.version, ${document(tx)}::text as document,
      coalesce((select array_agg(subject) from told), '{}') as told
    from changed o`
  return row
}

/** Deletes an organisation; the courses it offered no longer name it. @returns what was told of */
export async function removeOrganisation(tx: Transaction, id: number): Promise<string[]> {
  const told = await tx<{ subject: string }[]>`
    with freed as (
      delete from instructors.offered_by where organisation_id = ${id} returning course_id
    )
    insert into instructors.outbox (type, subject)
    select 'offering.changed', 'teachers-of:' || course_id from freed
    returning subject`
  await tx`delete from instructors.organisation where id = ${id}`
  return told.map(({ subject }) => subject)
}

/**
 * Sets who offers a course, in the order given; call with the course locked.
 * @returns ids among them that name no organisation: then nothing was changed
 */
export async function putOfferedBy(
  tx: Transaction,
  courseId: number,
  ids: readonly number[],
): Promise<number[]> {
  const known = await tx<{ id: number }[]>`
    select id from instructors.organisation where id = any (${[...ids]}::bigint[]) for key share`
  const unknown = ids.filter((id) => !known.some((row) => row.id === id))
  if (unknown.length > 0) return unknown
  await tx`delete from instructors.offered_by where course_id = ${courseId}`
  await tx`
    insert into instructors.offered_by (course_id, organisation_id, place)
    select ${courseId}, id, place - 1
    from unnest(${[...ids]}::bigint[]) with ordinality as one (id, place)`
  await tx`
    insert into instructors.outbox (type, subject)
    values ('offering.changed', ${`teachers-of:${courseId}`})`
  return []
}
