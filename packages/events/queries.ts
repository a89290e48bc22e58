import type { Sql, Transaction } from '@colonnade/db'
import type { EventMessage } from '@colonnade/http'

/** Writes an event in the transaction of the change it tells of. `subject` is a cache tag, e.g. `course:12`. */
export async function tell(
  tx: Sql | Transaction,
  schema: string,
  event: { type: string; subject: string; data?: Record<string, string | number | boolean | null> },
): Promise<void> {
  await tx`
    insert into ${tx(schema)}.outbox (type, subject, data)
    values (${event.type}, ${event.subject}, ${tx.json(event.data ?? {})})`
}

/** How many events are given out, or taken, at once. */
export const batchSize = 500

/**
 * Gives new events to their subscribers; one that nobody hears is only marked. Undelivered rows are taken with SKIP
 * LOCKED, never by a high-water mark: a row that commits late is still found.
 * @param hears a subscriber's event types, each between commas (`,course.changed,`), or `*` for all
 * @returns how many events were taken, and the subscribers for whom some are due, new or put off before
 */
export async function fanOut(
  sql: Sql,
  schema: string,
  subscribers: readonly { name: string; hears: string }[],
): Promise<{ taken: number; due: string[] }> {
  const names = subscribers.map((subscriber) => subscriber.name)
  const hears = subscribers.map((subscriber) => subscriber.hears)
  const [row] = await sql<{ taken: number; due: string[] }[]>`
    with subscribers as (
      select * from unnest(${names}::text[], ${hears}::text[]) as s (name, hears)
    ), fresh as (
      select id from ${sql(schema)}.outbox where not fanned_out
      order by subject_version limit ${batchSize} for update skip locked
    ), taken as (
      update ${sql(schema)}.outbox o set fanned_out = true from fresh where o.id = fresh.id
      returning o.id, o.type
    ), given as (
      insert into ${sql(schema)}.delivery (subscriber, event)
      select s.name, taken.id
      from taken, subscribers s
      where s.hears = '*' or strpos(s.hears, ',' || taken.type || ',') > 0
      on conflict do nothing
      returning subscriber
    )
    select (select count(*)::int from taken) as taken, array(
      select name from subscribers
      where name in (select subscriber from given) or exists (
        select from ${sql(schema)}.delivery where subscriber = name and ${isDue(sql)})
    ) as due`
  return row ?? { taken: 0, due: [] }
}

/** None ever waits for a minute: one that would was put off by a clock that has been set back since. */
const isDue = (sql: Sql) => sql`(next_try <= now() or next_try > now() + interval '1 minute')`

/**
 * Takes a subscriber's due events for `leaseSeconds`: when this process dies with them in hand, another takes them
 * after that time. Fewer than `batchSize`: no more were due.
 */
export async function takeDeliveries(
  sql: Sql,
  schema: string,
  subscriber: string,
  leaseSeconds: number,
): Promise<EventMessage[]> {
  return await sql<EventMessage[]>`
    with due as (
      select subscriber, event from ${sql(schema)}.delivery
      where subscriber = ${subscriber} and ${isDue(sql)}
      order by next_try limit ${batchSize} for update skip locked
    ), taken as (
      update ${sql(schema)}.delivery d
      set tries = tries + 1, next_try = now() + make_interval(secs => ${leaseSeconds})
      from due where d.subscriber = due.subscriber and d.event = due.event
      returning d.event
    )
    select o.id, o.type, o.version, o.subject, o.subject_version as "subjectVersion",
      o.occurred_at as "occurredAt", o.data
    from taken join ${sql(schema)}.outbox o on o.id = taken.event
    order by o.subject_version`
}

export async function removeDeliveries(
  sql: Sql,
  schema: string,
  subscriber: string,
  events: readonly string[],
): Promise<void> {
  await sql`
    delete from ${sql(schema)}.delivery where subscriber = ${subscriber} and event = any(${[...events]}::uuid[])`
}

/** Tries again later: after 0.2 s, then twice as long each time, at most 5 s. */
export async function postponeDeliveries(
  sql: Sql,
  schema: string,
  subscriber: string,
  events: readonly string[],
): Promise<void> {
  await sql`
    update ${sql(schema)}.delivery
    set next_try = now() + make_interval(secs => least(5, 0.2 * 2 ^ least(tries, 10)))
    where subscriber = ${subscriber} and event = any(${[...events]}::uuid[])`
}

/** Whether anything has not reached everyone yet. */
export async function hasUndelivered(sql: Sql, schema: string): Promise<boolean> {
  const [row] = await sql<{ waiting: boolean }[]>`
    select exists (select from ${sql(schema)}.outbox where not fanned_out)
      or exists (select from ${sql(schema)}.delivery) as waiting`
  return row?.waiting ?? false
}

/** How many events, told or not yet taken by a subscriber, wait; at most 10000, since counting more costs more. */
export async function countWaiting(sql: Sql, schema: string): Promise<number> {
  const [row] = await sql<{ waiting: number }[]>`
    select least(10000,
      (select count(*) from (select from ${sql(schema)}.outbox where not fanned_out limit 10000) o)
      + (select count(*) from (select from ${sql(schema)}.delivery limit 10000) d))::int as waiting`
  return row?.waiting ?? 0
}

/** Forgets events that reached everyone more than an hour ago. */
export async function removeOldEvents(sql: Sql, schema: string): Promise<void> {
  await sql`
    delete from ${sql(schema)}.outbox o
    where fanned_out and occurred_at < now() - interval '1 hour'
      and not exists (select from ${sql(schema)}.delivery d where d.event = o.id)`
}

/** Notes the newest event of each subject. @returns subjects of which neither this event nor a newer one was here before */
export async function noteEvents(
  tx: Transaction,
  schema: string,
  events: readonly Pick<EventMessage, 'id' | 'subject' | 'subjectVersion'>[],
): Promise<Set<string>> {
  // In order of their subjects, so that two who note the same ones wait for each other and not in a circle.
  const rows = await tx<{ subject: string }[]>`
    insert into ${tx(schema)}.inbox as i (subject, subject_version, event)
    select * from unnest(${events.map(({ subject }) => subject)}::text[],
      ${events.map(({ subjectVersion }) => subjectVersion)}::bigint[], ${events.map(({ id }) => id)}::uuid[]) as told (subject)
    order by told.subject
    on conflict (subject) do update
      set subject_version = excluded.subject_version, event = excluded.event
      where i.subject_version < excluded.subject_version
    returning subject`
  return new Set(rows.map(({ subject }) => subject))
}
