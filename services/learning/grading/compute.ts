import { type Grade, grade, type LogEntry } from '@colonnade/questions'
import type { Plan } from '../plan.ts'
import { dueAt } from './due.ts'

/** An ended attempt with what it is worth now; `endedAt` in milliseconds since 1970. */
export type EndedWork = {
  id: string
  item: string
  number: number
  endedAt: number
  /** As it was marked when it ended, and as the marks hold now. */
  points: number
  held: number
  outOf: number
}

/** All that a grade follows from, but for the course. */
export type Work = {
  enrolledAt: number
  attempts: readonly EndedWork[]
  /** Later deadlines for this learner, by item. */
  extensions: readonly { item: string; due: number }[]
  /** Keys of lessons. */
  done: ReadonlySet<string>
}

export type Outcome = { grade: Grade | null; complete: boolean }

/**
 * What an enrolment's work comes to by a revision of its course. It is pure, and the order of the work does not matter.
 * Attempts in the trace have ids of their order: see `named`.
 */
export function compute(plan: Plan, work: Work): Outcome {
  const items = [...plan.items.values()].flatMap(({ key, graded }) =>
    graded ? [{ key, group: graded.group, due: dueAt(graded.due, work.enrolledAt) }] : [],
  )
  const own = items.length > 0 ? grade(entriesOf(work), items, plan.policy) : null
  return { grade: own, complete: isComplete(plan, work, own) }
}

/** A grade whose trace names attempts by their ids, for people to read. */
export const named = (own: Grade): Grade => ({
  ...own,
  trace: own.trace.map((line) =>
    line.kind === 'attempt' ? { ...line, id: attemptIn(line.id) } : line,
  ),
})

/** Ids by which attempts come in their own order, which no device's clock decides. */
const placed = (item: string, number: number, id: string) =>
  `${String(number).padStart(8, '0')} ${id} ${item}`
const attemptIn = (placedId: string) => placedId.split(' ')[1] ?? placedId

function entriesOf({ attempts, extensions }: Work): LogEntry[] {
  return [
    ...attempts.flatMap(({ id, item, number, endedAt: at, points, held, outOf }): LogEntry[] => {
      const submission = placed(item, number, id)
      const submitted = { id: submission, item, type: 'submitted' as const, at, points, of: outOf }
      if (held === points) return [submitted]
      return [
        submitted,
        { id: `${submission} held`, item, type: 'marked', submission, points: held },
      ]
    }),
    ...extensions.map(
      ({ item, due }, place): LogEntry => ({
        id: `extension ${place}`,
        item,
        type: 'extended',
        due,
      }),
    ),
  ]
}

function isComplete({ policy, lessons }: Plan, { done }: Work, own: Grade | null): boolean {
  const { completion, thresholds } = policy
  if (completion.lessons && [...lessons.keys()].some((key) => !done.has(key))) return false
  if (completion.threshold === null) return completion.lessons
  const from = thresholds.find(({ name }) => name === completion.threshold)?.from
  return from !== undefined && own !== null && own.share >= from - 1e-9
}
