import { z } from 'zod'
import { latest } from '../log/entry.ts'
import type { Plan } from '../plan.ts'
import type { Enrolment } from '../queries/enrolments.ts'
import { type KeptEntry, listHeads } from '../queries/log.ts'
import { listProgress } from '../queries/progress.ts'
import type { Learning } from '../running.ts'
import { enrolmentState } from '../state/enrolment.ts'
import type { HereData, HereLesson } from './here.tsx'
import type { Note } from './notes.tsx'

const soonMs = 7 * 86_400_000

const placeData = z.object({ anchor: z.string().optional() })
const noteData = z.object({
  note: z.string(),
  text: z.string().nullable(),
  anchor: z.string().optional(),
})

/** All that a learner's own part of a page shows. @param slug of the lesson; undefined: the course's page */
export async function findHere(
  { db }: Pick<Learning, 'db'>,
  plan: Plan,
  enrolment: Enrolment,
  slug: string | undefined,
): Promise<HereData> {
  const lessons = [...plan.lessons.values()]
  const at = slug === undefined ? -1 : lessons.findIndex((lesson) => lesson.slug === slug)
  const lesson = lessons[at]
  const [state, progress, notes, places] = await Promise.all([
    enrolmentState(db.hot, plan, enrolment),
    listProgress(db.hot, [enrolment.id]),
    lesson ? listHeads(db.hot, enrolment.id, 'note ') : [],
    lesson ? listHeads(db.hot, enrolment.id, 'position ') : [],
  ])
  const done = new Set(state.done)
  const { position, next: due } = state
  const current = position && !done.has(position.lesson) ? position.lesson : undefined
  const next =
    lessons.find(({ key }) => key === current) ?? lessons.find(({ key }) => !done.has(key))
  const isSoon = due && Date.parse(due.due) - Date.now() < soonMs
  return {
    person: enrolment.person,
    enrolment: enrolment.id,
    course: plan,
    done: done.size,
    of: state.lessons,
    due: isSoon
      ? { item: due.item, title: plan.items.get(due.item)?.title ?? '', at: new Date(due.due) }
      : undefined,
    next,
    lesson: lesson && {
      key: lesson.key,
      slug: lesson.slug,
      isDone: progress.some((one) => one.lesson === lesson.key && one.doneAt !== null),
      anchor: anchorOf(places.filter((one) => one.lesson === lesson.key)),
      after: lessons[at + 1]?.slug,
      items: itemsOf(lesson.items),
      notes: notes.filter((one) => one.lesson === lesson.key).flatMap(readNote),
    },
  }
}

const itemsOf = (items: Plan['modules'][number]['lessons'][number]['items']): HereLesson['items'] =>
  Object.fromEntries(
    items.flatMap(({ key, quiz, graded }) => (quiz && !graded ? [[quiz.key, key]] : [])),
  )

const anchorOf = (places: readonly KeptEntry[]): string | undefined =>
  placeData.safeParse(latest(places)?.data).data?.anchor

function readNote({ id, data }: KeptEntry): Note[] {
  const { note, text, anchor } = noteData.parse(data)
  return text === null ? [] : [{ note, entry: id, text, anchor }]
}
