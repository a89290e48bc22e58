import type { LogRow } from '../queries/log.ts'
import type { LessonStep } from '../queries/progress.ts'

/** Between two entries at most so many milliseconds count as time spent on a lesson. */
const mostMs = 300_000

/** What kept entries say of lessons, one step for each enrolment and lesson. */
export function progressOf(rows: readonly LogRow[]): LessonStep[] {
  const steps = new Map<string, LessonStep & { ms: number }>()
  const inOrder = rows.filter((row) => row.state === 'kept').sort((a, b) => a.at - b.at)
  for (const { enrolment, lesson, at, type } of inOrder) {
    if (lesson === null) continue
    const key = `${enrolment} ${lesson}`
    const step = steps.get(key)
    const doneAt = type === 'done' ? at : null
    if (!step) {
      steps.set(key, { enrolment, lesson, reachedAt: at, lastAt: at, seconds: 0, ms: 0, doneAt })
      continue
    }
    step.ms += Math.min(at - step.lastAt, mostMs)
    step.lastAt = at
    step.doneAt ??= doneAt
  }
  return [...steps.values()].map(({ ms, ...step }) => ({ ...step, seconds: Math.round(ms / 1000) }))
}
