import type { Sql, Transaction } from '@colonnade/db'
import type { Certificate, Earned } from './certificate.ts'

type Connection = Sql | Transaction

/** Adds an enrolment's certificate. @returns its id, or the id of the one that the enrolment has already */
export async function addCertificate(
  sql: Connection,
  given: Earned & { id: string },
): Promise<string> {
  const { course, grade } = given
  const [row] = await sql<{ id: string }[]>`
    with made as (
      insert into learning.certificate (id, enrolment, person, learner, course_id, course_slug, course_title,
        course_language, organisations, modules, grade_share, grade_threshold)
      values (${given.id}, ${given.enrolment}, ${given.person}, ${given.learner}, ${course.id}, ${course.slug},
        ${course.title}, ${course.language}, ${[...given.organisations]}::text[],
        ${JSON.stringify(given.modules)}::text::jsonb, ${grade?.share ?? null}, ${grade?.threshold ?? null})
      on conflict (enrolment) do nothing
      returning id
    )
    select id from made
    union all select id from learning.certificate where enrolment = ${given.enrolment}
    limit 1`
  // Another transaction made it between the statement's beginning and its own row: it is visible now.
  return row?.id ?? (await findCertificateOf(sql, given.enrolment)) ?? missing()
}

function missing(): never {
  throw new Error('an insert made nothing, and nothing was there')
}

/** The certificate of an enrolment, or undefined while it has none. */
export async function findCertificateOf(
  sql: Connection,
  enrolment: string,
): Promise<string | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select id from learning.certificate where enrolment = ${enrolment}`
  return row?.id
}

const instant = (sql: Connection, column: 'issued_at' | 'revoked_at' | 'status_changed_at') =>
  sql`to_char(${sql(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`

export async function findCertificate(
  sql: Connection,
  id: string,
): Promise<Certificate | undefined> {
  const [row] = await sql<Certificate[]>`
    select id, enrolment, learner, organisations, modules,
      json_build_object('id', course_id, 'slug', course_slug, 'title', course_title,
        'language', course_language) as course,
      case when grade_share is not null
        then json_build_object('share', grade_share, 'threshold', grade_threshold) end as grade,
      ${instant(sql, 'issued_at')} as "issuedAt",
      case when revoked_at is not null
        then json_build_object('at', ${instant(sql, 'revoked_at')}, 'reason', revoked_reason) end as revoked,
      status_number as "statusNumber"
    from learning.certificate where id = ${id}`
  return row
}

/** A person's certificates with all that is kept of them, the latest first: for themselves. */
export async function listCertificatesOf(sql: Connection, person: string): Promise<object[]> {
  const rows = await sql<{ document: object }[]>`
    select to_jsonb(c) - 'person' - 'credential_issuer' || jsonb_build_object('credential', credential::jsonb)
      as document
    from learning.certificate c where person = ${person} order by issued_at desc, id`
  return rows.map(({ document }) => document)
}

/** Revokes it with a reason, or restores it with null. @returns whether there was anything to change */
export async function setRevoked(
  tx: Transaction,
  id: string,
  reason: string | null,
): Promise<boolean> {
  const changed = await tx`
    update learning.certificate set revoked_at = ${reason === null ? null : tx`now()`},
      revoked_reason = ${reason}, status_changed_at = now()
    where id = ${id} and (revoked_at is null) = ${reason !== null}`
  return changed.count > 0
}

/** The credential as it was signed for this issuer, if it was. */
export async function findCredential(
  sql: Connection,
  id: string,
  issuer: string,
): Promise<string | undefined> {
  const [row] = await sql<{ credential: string | null }[]>`
    select credential from learning.certificate where id = ${id} and credential_issuer = ${issuer}`
  return row?.credential ?? undefined
}

/** Keeps a credential as signed; the first for an issuer stays. A name that was erased meanwhile does not come back. */
export async function keepCredential(
  sql: Connection,
  id: string,
  { issuer, credential }: { issuer: string; credential: string },
): Promise<void> {
  await sql`
    update learning.certificate set credential = ${credential}, credential_issuer = ${issuer}
    where id = ${id} and learner is not null and credential_issuer is distinct from ${issuer}`
}

/** What a status list says: which places in it are revoked, and when that last changed; undefined for an empty list. */
export async function findStatusList(
  sql: Connection,
  { from, to }: { from: number; to: number },
): Promise<{ changedAt: string; revoked: number[] } | undefined> {
  const [row] = await sql<{ changedAt: string | null; revoked: number[] }[]>`
    select to_char(max(status_changed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "changedAt",
      coalesce(array_agg(status_number) filter (where revoked_at is not null), '{}') as revoked
    from learning.certificate where status_number >= ${from} and status_number < ${to}`
  return row?.changedAt ? { changedAt: row.changedAt, revoked: row.revoked } : undefined
}

/**
 * Takes a person's name off their certificates, which stand without it, and forgets the credentials that hold it.
 * @returns their certificates
 */
export async function eraseLearner(sql: Connection, person: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    update learning.certificate
    set person = null, learner = null, credential = null, credential_issuer = null
    where person = ${person} returning id`
  return rows.map(({ id }) => id)
}

/** Keeps the first key, unless there is one: every process signs with the same. */
export async function keepKey(sql: Connection, key: object): Promise<void> {
  await sql`
    insert into learning.credential_key (number, key) values (1, ${JSON.stringify(key)}::text::jsonb)
    on conflict (number) do nothing`
}

/** The keys, the oldest first. */
export async function listKeys(sql: Connection): Promise<unknown[]> {
  const rows = await sql<{ key: unknown }[]>`
    select key from learning.credential_key order by number`
  return rows.map(({ key }) => key)
}

/** Completed enrolments that wait for their certificate; those that failed come last. */
export async function listDue(sql: Connection, limit: number): Promise<string[]> {
  const rows = await sql<{ enrolment: string }[]>`
    select enrolment from learning.certificate_due order by tries, enrolment limit ${limit}`
  return rows.map(({ enrolment }) => enrolment)
}

/** Takes one off the list, if no other process holds it. @returns whether it is ours until the transaction ends */
export async function takeDue(tx: Transaction, enrolment: string): Promise<boolean> {
  const taken = await tx`
    delete from learning.certificate_due where enrolment =
      (select enrolment from learning.certificate_due where enrolment = ${enrolment} for update skip locked)`
  return taken.count > 0
}

/** Puts one that failed behind the others. */
export async function putOff(sql: Connection, enrolment: string): Promise<void> {
  await sql`update learning.certificate_due set tries = tries + 1 where enrolment = ${enrolment}`
}
