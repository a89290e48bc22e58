import type { Transaction } from '@colonnade/db'
import type { Teaching } from '../contract.ts'

type Person = Teaching['people'][number]
type Organisation = Teaching['organisations'][number]
type Role = Person['role']

/** A person's part in a course, by instructor. */
export async function listRoles(tx: Transaction, courseId: number): Promise<Map<number, Role>> {
  const rows = await tx<{ id: number; role: Role }[]>`
    select instructor_id as id, role from instructors.teaching where course_id = ${courseId}`
  return new Map(rows.map(({ id, role }) => [id, role]))
}

/**
 * Adds or changes the instructor that a course folder means by a key.
 * @returns its id, and whether anything is new
 */
export async function putPerson(
  tx: Transaction,
  courseId: number,
  person: Person,
): Promise<{ id: number; changed: boolean }> {
  const photo = person.photo ? tx.json(person.photo) : null
  const values = [
    person.firstName,
    person.middleName || null,
    person.lastName,
    person.academicTitle || null,
    person.title || null,
    person.organisation || null,
    person.biography || null,
  ] as const
  const [known] = await tx<{ id: number }[]>`
    select instructor_id as id from instructors.instructor_key
    where course_id = ${courseId} and key = ${person.key}`
  if (known) {
    const changed = await tx`
      update instructors.instructor set
        first_name = ${values[0]}, middle_name = ${values[1]}, last_name = ${values[2]},
        academic_title = ${values[3]}, title = ${values[4]}, organisation = ${values[5]},
        biography = ${values[6]}, photo = ${photo}, example = ${person.example}, version = version + 1
      where id = ${known.id}
        and (first_name, middle_name, last_name, academic_title, title, organisation, biography, photo, example)
          is distinct from (${values[0]}, ${values[1]}, ${values[2]}, ${values[3]}, ${values[4]}, ${values[5]},
            ${values[6]}, ${photo}::jsonb, ${person.example})
      returning id`
    return { id: known.id, changed: changed.length > 0 }
  }
  const [made] = await tx<{ id: number }[]>`
    with made as (
      insert into instructors.instructor (first_name, middle_name, last_name, academic_title, title,
        organisation, biography, photo, example)
      values (${values[0]}, ${values[1]}, ${values[2]}, ${values[3]}, ${values[4]}, ${values[5]},
        ${values[6]}, ${photo}, ${person.example})
      returning id
    )
    insert into instructors.instructor_key (course_id, key, instructor_id)
    select ${courseId}, ${person.key}, id from made
    returning instructor_id as id`
  if (!made) throw new Error('an insert returned nothing')
  return { id: made.id, changed: true }
}

/**
 * Sets the part of a course's teachers that came with its folder. Who was added by the API stays; where both name a
 * primary one, the folder's is, because importing must not fail for what somebody did meanwhile.
 */
export async function putRoles(
  tx: Transaction,
  courseId: number,
  people: readonly { id: number; role: Role }[],
): Promise<void> {
  await tx`
    delete from instructors.teaching where course_id = ${courseId} and (
      instructor_id in (select instructor_id from instructors.instructor_key where course_id = ${courseId})
    )`
  if (people.some(({ role }) => role === 'primary')) {
    await tx`
      update instructors.teaching set role = 'assistant'
      where course_id = ${courseId} and role = 'primary'`
  }
  await tx`
    insert into instructors.teaching (course_id, instructor_id, role, place)
    select ${courseId}, id, role, place - 1
    from unnest(${people.map(({ id }) => id)}::bigint[], ${people.map(({ role }) => role)}::text[])
      with ordinality as one (id, role, place)`
}

/** Counts a change of what they teach as a change of the instructors themselves. */
export async function raiseVersions(tx: Transaction, ids: readonly number[]): Promise<void> {
  await tx`
    update instructors.instructor set version = version + 1 where id = any (${[...ids]}::bigint[])`
}

/**
 * Deletes people made up for this course that no course names any more; a real person's page stays.
 * @returns their ids
 */
export async function removeUnusedExamples(tx: Transaction, courseId: number): Promise<number[]> {
  const gone = await tx<{ id: number }[]>`
    delete from instructors.instructor i
    where i.example
      and i.id in (select instructor_id from instructors.instructor_key where course_id = ${courseId})
      and not exists (select from instructors.teaching t where t.instructor_id = i.id)
    returning i.id`
  await tx`
    delete from instructors.organisation o
    where o.example
      and o.id in (select organisation_id from instructors.organisation_key where course_id = ${courseId})
      and not exists (select from instructors.offered_by f where f.organisation_id = o.id)`
  return gone.map(({ id }) => id)
}

/** Adds or changes the organisation that a course folder means by a key, and gives its id. */
export async function putOrganisation(
  tx: Transaction,
  courseId: number,
  given: Organisation,
): Promise<number> {
  const logo = given.logo ? tx.json(given.logo) : null
  const [known] = await tx<{ id: number }[]>`
    select organisation_id as id from instructors.organisation_key
    where course_id = ${courseId} and key = ${given.key}`
  if (known) {
    await tx`
      update instructors.organisation set name = ${given.name}, url = ${given.url},
        description = ${given.description || null}, logo = ${logo}, example = ${given.example},
        version = version + 1
      where id = ${known.id} and (name, url, description, logo, example)
        is distinct from (${given.name}, ${given.url}, ${given.description || null}, ${logo}::jsonb, ${given.example})`
    return known.id
  }
  const [made] = await tx<{ id: number }[]>`
    with made as (
      insert into instructors.organisation (name, url, description, logo, example)
      values (${given.name}, ${given.url}, ${given.description || null}, ${logo}, ${given.example})
      returning id
    )
    insert into instructors.organisation_key (course_id, key, organisation_id)
    select ${courseId}, ${given.key}, id from made
    returning organisation_id as id`
  if (!made) throw new Error('an insert returned nothing')
  return made.id
}

/** Sets the organisations that came with a course's folder; those set by the API stay. */
export async function putImportedOffers(
  tx: Transaction,
  courseId: number,
  ids: readonly number[],
): Promise<void> {
  await tx`
    delete from instructors.offered_by where course_id = ${courseId}
      and organisation_id in (
        select organisation_id from instructors.organisation_key where course_id = ${courseId})`
  await tx`
    insert into instructors.offered_by (course_id, organisation_id, place)
    select ${courseId}, id, place - 1
    from unnest(${[...ids]}::bigint[]) with ordinality as one (id, place)`
}

/** Replaces the testimonials that came with a course's folder. */
export async function replaceImportedTestimonials(
  tx: Transaction,
  courseId: number,
  given: readonly (Teaching['testimonials'][number] & { id: string })[],
): Promise<void> {
  await tx`delete from instructors.testimonial where course_id = ${courseId} and imported`
  await tx`
    insert into instructors.testimonial (id, course_id, place, example, imported, author, role, text)
    select id, ${courseId}, place - 1, example, true, author, nullif(role, ''), text
    from unnest(${given.map(({ id }) => id)}::uuid[], ${tx.array(
      given.map(({ example }) => example),
      1000,
    )}::boolean[],
      ${given.map(({ author }) => author)}::text[], ${given.map(({ role }) => role ?? '')}::text[],
      ${given.map(({ text }) => text)}::text[]) with ordinality as one (id, example, author, role, text, place)`
}
