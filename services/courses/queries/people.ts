import type { Sql, Transaction } from '@colonnade/db'

export type OwnedCourse = {
  id: number
  slug: string
  since: Date
  wasPublished: boolean
  hasDraft: boolean
}

/** The courses that are a person's. */
export async function listOwned(sql: Sql | Transaction, person: string): Promise<OwnedCourse[]> {
  return await sql<OwnedCourse[]>`
    select c.id, c.slug, o.since,
      exists (select from courses.revision r where r.course_id = c.id and r.number > 0) as "wasPublished",
      exists (select from courses.draft d where d.course_id = c.id) as "hasDraft"
    from courses.course_owner o join courses.course c on c.id = o.course_id
    where o.person = ${person} order by c.id`
}

/** A person's courses are the administrators' from now on. */
export async function disown(tx: Transaction, person: string): Promise<void> {
  await tx`delete from courses.course_owner where person = ${person}`
}
