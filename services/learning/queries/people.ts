import type { Sql, Transaction } from '@colonnade/db'

/** All that is kept of a person, as they may have it: enrolments with their logs, attempts, marks and grades. */
export async function exportPerson(sql: Sql, person: string): Promise<{ enrolments: unknown[] }> {
  const rows = await sql<{ enrolment: unknown }[]>`
    select json_build_object('id', e.id, 'courseId', e.course_id, 'revision', e.revision, 'run', e.run,
      'enrolledAt', e.enrolled_at, 'leftAt', e.left_at, 'completedAt', e.completed_at,
      'log', coalesce((
        select json_agg(json_build_object('id', l.id, 'type', l.type, 'at', l.at, 'receivedAt', l.received_at,
          'lesson', l.lesson, 'item', l.item, 'attempt', l.attempt, 'question', l.question, 'data', l.data,
          'state', l.state) order by l.place)
        from learning.log l where l.enrolment_id = e.id), '[]'),
      'progress', coalesce((
        select json_agg(json_build_object('lesson', p.lesson, 'reachedAt', p.reached_at, 'lastAt', p.last_at,
          'seconds', p.seconds, 'doneAt', p.done_at))
        from learning.progress p where p.enrolment_id = e.id), '[]'),
      'attempts', coalesce((
        select json_agg(json_build_object('id', a.id, 'item', a.item, 'number', a.number, 'startedAt', a.started_at,
          'endsAt', a.ends_at, 'endedAt', a.ended_at, 'answers', a.answers, 'points', a.points, 'of', a.out_of,
          'marks', coalesce((
            select json_agg(json_build_object('question', m.question, 'points', m.points, 'rubric', m.rubric,
              'comment', m.comment, 'at', m.at) order by m.id)
            from learning.mark m where m.attempt_id = a.id), '[]'),
          'files', coalesce((
            select json_agg(json_build_object('id', h.id, 'question', h.question, 'name', h.name, 'size', h.size,
              'at', h.at, 'address', '/my/files/' || h.id) order by h.id)
            from learning.handed_in h where h.attempt_id = a.id), '[]')) order by a.item, a.number)
        from learning.attempt a where a.enrolment_id = e.id), '[]'),
      'extensions', coalesce((
        select json_agg(json_build_object('item', x.item, 'dueAt', x.due_at, 'minutes', x.minutes,
          'attempts', x.attempts, 'reason', x.reason, 'at', x.at))
        from learning.extension x where x.enrolment_id = e.id), '[]'),
      'grade', (
        select json_build_object('share', g.share, 'threshold', g.threshold)
        from learning.grade g where g.enrolment_id = e.id)) as enrolment
    from learning.enrolment e where e.person = ${person} order by e.id`
  return { enrolments: rows.map(({ enrolment }) => enrolment) }
}

/** Files that a person handed in. */
export async function listOwnFiles(
  sql: Sql,
  person: string,
): Promise<{ id: string; name: string }[]> {
  return await sql<{ id: string; name: string }[]>`
    select f.id, f.name from learning.handed_in f
    join learning.attempt a on a.id = f.attempt_id
    join learning.enrolment e on e.id = a.enrolment_id
    where e.person = ${person} order by f.at, f.id`
}

/**
 * Takes a person out: their log, and what they and teachers wrote. Points stay, under a number that leads to nobody.
 * Those who taught stay named nowhere either.
 */
export async function erasePerson(
  tx: Transaction,
  person: string,
): Promise<{ enrolments: number; entries: number }> {
  const own = await tx<{ id: string; courseId: number; live: boolean }[]>`
    select id, course_id as "courseId", left_at is null as live from learning.enrolment
    where person = ${person} order by id for update`
  const ids = own.map(({ id }) => id)
  const gone = await tx`delete from learning.log where enrolment_id = any(${ids}::uuid[])`
  await tx`delete from learning.head where enrolment_id = any(${ids}::uuid[])`
  await tx`delete from learning.awaited where enrolment_id = any(${ids}::uuid[])`
  await tx`
    update learning.mark set comment = '' where attempt_id in (
      select id from learning.attempt where enrolment_id = any(${ids}::uuid[]))`
  await tx`
    update learning.extension set reason = '' where enrolment_id = any(${ids}::uuid[])`
  await tx`
    delete from learning.handed_in where attempt_id in (
      select id from learning.attempt where enrolment_id = any(${ids}::uuid[]))`
  await tx`delete from learning.reminder where enrolment_id = any(${ids}::uuid[])`
  await tx`delete from learning.calendar where person = ${person}`
  // Attempts that run are over: nobody will come back to them. Answers to essays are the person's own words.
  await tx`
    delete from learning.attempt where enrolment_id = any(${ids}::uuid[]) and ended_at is null`
  await tx`
    update learning.attempt a set answers = coalesce((
      select jsonb_object_agg(key, value) from jsonb_each(a.answers) where jsonb_typeof(value) <> 'object'
        or not value ? 'text'), '{}')
    where enrolment_id = any(${ids}::uuid[])`
  const live = own.filter((one) => one.live).map(({ courseId }) => courseId)
  await tx`
    update learning.intake set taken = greatest(taken - 1, 0) where course_id = any(${live}::bigint[])`
  await tx`
    insert into learning.outbox (type, subject)
    select 'learning.enrolled', 'learners-of:' || id from unnest(${live}::bigint[]) as id`
  await tx`
    update learning.enrolment set person = gen_random_uuid(), left_at = coalesce(left_at, now())
    where id = any(${ids}::uuid[])`
  await tx`update learning.mark set by = null where by = ${person}`
  await tx`update learning.extension set by = null where by = ${person}`
  await tx`update learning.regrade set by = null where by = ${person}`
  await tx`update learning.move set by = null where by = ${person}`
  return { enrolments: ids.length, entries: gone.count }
}
