import type { Sql } from '@colonnade/db'
import { z } from 'zod'
import type { EnrolmentBody } from '../api/shapes.ts'
import { findCertificateOf } from '../certificates/queries.ts'
import { heldMarks, isWaiting } from '../grading/marks.ts'
import { readGrade } from '../grading/settle.ts'
import { latest } from '../log/entry.ts'
import type { Plan } from '../plan.ts'
import { type Attempt, listAttemptsOf, listExtensions, listMarks } from '../queries/attempts.ts'
import type { Enrolment } from '../queries/enrolments.ts'
import { type KeptEntry, listHeads } from '../queries/log.ts'
import { listProgress } from '../queries/progress.ts'
import { itemsOf } from './items.ts'

const place = z.object({
  anchor: z.string().nullable().catch(null),
  seconds: z.number().nullable().catch(null),
})

/** Where somebody was last, of the latest places of all lessons; those that the revision no longer has do not count. */
function positionOf(plan: Plan, places: readonly KeptEntry[]): EnrolmentBody['position'] {
  const known = places.flatMap(({ id, at, lesson, data }) => {
    const found = lesson === null ? undefined : plan.lessons.get(lesson)
    return found ? [{ id, at, data, lesson: found.key, slug: found.slug }] : []
  })
  const last = latest(known)
  if (!last) return null
  const { lesson, slug, at, data } = last
  return { lesson, slug, at, ...place.parse(data) }
}

/** How many questions wait for a teacher, by attempt. */
export async function listWaiting(
  sql: Sql,
  attempts: readonly Attempt[],
): Promise<Map<string, number>> {
  const unread = attempts.filter(({ marks }) => marks?.some(isWaiting))
  const given =
    unread.length === 0
      ? []
      : await listMarks(
          sql,
          unread.map(({ id }) => id),
        )
  return new Map(
    unread.map(({ id, marks }) => {
      const own = given.filter(({ attemptId }) => attemptId === id)
      return [id, heldMarks(marks ?? [], own).filter(isWaiting).length]
    }),
  )
}

/** All that a learner's pages tell of an enrolment. */
export async function enrolmentState(
  sql: Sql,
  plan: Plan,
  enrolment: Enrolment,
): Promise<EnrolmentBody> {
  const { id } = enrolment
  const [attempts, extensions, progress, places, grade, certificate] = await Promise.all([
    listAttemptsOf(sql, id),
    listExtensions(sql, [id]),
    listProgress(sql, [id]),
    listHeads(sql, id, 'position '),
    readGrade(sql, plan, id),
    enrolment.completedAt ? findCertificateOf(sql, id) : undefined,
  ])
  const waiting = await listWaiting(sql, attempts)
  const items = itemsOf(plan, enrolment, {
    attempts,
    extensions,
    waiting,
    trace: grade?.trace ?? [],
  })
  const [next] = items
    .flatMap(({ key, due, share, running }) =>
      due !== null && share === null && (running !== null || Date.parse(due) > Date.now())
        ? [{ item: key, due }]
        : [],
    )
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due))
  return {
    id,
    courseId: enrolment.courseId,
    slug: plan.slug,
    title: plan.title,
    revision: enrolment.revision,
    run: enrolment.run,
    enrolledAt: enrolment.enrolledAt.toISOString(),
    leftAt: enrolment.leftAt?.toISOString() ?? null,
    completedAt: enrolment.completedAt?.toISOString() ?? null,
    done: progress.flatMap(({ lesson, doneAt }) =>
      doneAt && plan.lessons.has(lesson) ? [lesson] : [],
    ),
    lessons: plan.lessons.size,
    position: positionOf(plan, places),
    items,
    next: next ?? null,
    grade: grade && {
      share: grade.share,
      threshold: grade.threshold,
      waiting: grade.waiting,
    },
    certificate: certificate ?? null,
  }
}
