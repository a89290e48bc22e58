import type { TraceLine } from '@colonnade/questions'
import type { ItemState } from '../api/shapes.ts'
import { dueAt } from '../grading/due.ts'
import type { Plan } from '../plan.ts'
import type { Attempt, Extension } from '../queries/attempts.ts'
import type { Enrolment } from '../queries/enrolments.ts'

type Rules = { due: number | null; attempts: number | null; minutes: number | null }

/** What holds for one learner at a graded item: the author's rules, and what a teacher added. `due` in ms since 1970. */
export function rulesOf(
  plan: Plan,
  key: string,
  enrolledAt: Date,
  extension?: Pick<Extension, 'dueAt' | 'minutes' | 'attempts'>,
): Rules | undefined {
  const graded = plan.items.get(key)?.graded
  if (!graded) return undefined
  const due = dueAt(graded.due, enrolledAt.getTime())
  const { attempts, minutes } = graded
  return {
    due: due === null ? null : Math.max(due, extension?.dueAt?.getTime() ?? due),
    attempts: attempts === null ? null : attempts + (extension?.attempts ?? 0),
    minutes: minutes === null ? null : minutes + (extension?.minutes ?? 0),
  }
}

/** The graded items of a course as one learner stands at them, in the course's order. */
export function itemsOf(
  plan: Plan,
  { enrolledAt }: Pick<Enrolment, 'enrolledAt'>,
  {
    attempts,
    extensions,
    trace,
    waiting,
  }: {
    attempts: readonly Attempt[]
    extensions: readonly Extension[]
    trace: readonly TraceLine[]
    /** Questions that wait for a teacher, by attempt. */
    waiting: ReadonlyMap<string, number>
  },
): ItemState[] {
  const shares = new Map(
    trace.flatMap((line) =>
      line.kind === 'item' && line.attempts > 0 ? [[line.item, line.share] as const] : [],
    ),
  )
  return [...plan.items.values()].flatMap(({ key, title, lesson, graded }): ItemState[] => {
    const extension = extensions.find(({ item }) => item === key)
    const rules = rulesOf(plan, key, enrolledAt, extension)
    if (!rules || !graded) return []
    const own = attempts.filter(({ item }) => item === key)
    return [
      {
        ...{ key, title, lesson, group: graded.group },
        due: rules.due === null ? null : new Date(rules.due).toISOString(),
        attempts: rules.attempts,
        minutes: rules.minutes,
        used: own.length,
        running: own.find(({ endedAt }) => endedAt === null)?.id ?? null,
        waiting: own.reduce((sum, { id }) => sum + (waiting.get(id) ?? 0), 0),
        share: shares.get(key) ?? null,
      },
    ]
  })
}
