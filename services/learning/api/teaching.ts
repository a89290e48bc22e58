import { type Api, decodeCursor, encodeCursor, paging } from '@colonnade/http'
import { z } from 'zod'
import {
  type Learner,
  listFirstAttempts,
  listLearners,
  listLessonFigures,
  listWaiting,
} from '../queries/teaching.ts'
import { revisionOf } from '../regrading.ts'
import type { Learning } from '../running.ts'
import { analyse } from '../teaching/analysis.ts'
import { csvOf } from '../teaching/csv.ts'
import { own } from './enrolments.ts'
import { byCourse } from './intake.ts'
import { givenInstant, instant, partKey } from './shapes.ts'

const tag = 'Teaching'
const nobody = '00000000-0000-0000-0000-000000000000'
/** Attempts that an analysis looks at. */
const mostAnalysed = 20_000

const learner = z.object({
  enrolment: z.uuid(),
  person: z.uuid(),
  revision: z.int(),
  enrolledAt: instant,
  leftAt: instant.nullable(),
  completedAt: instant.nullable(),
  /** When they last did something in a lesson. */
  lastAt: instant.nullable(),
  /** Keys of lessons. */
  done: z.array(z.string()),
  /** From 0 to 1. */
  share: z.number().nullable(),
  threshold: z.string().nullable(),
  waiting: z.int(),
})

const lesson = z.object({
  lesson: z.string(),
  title: z.string(),
  /** Learners who came to it, did it, and were last seen in it without having done it. */
  reached: z.int(),
  done: z.int(),
  left: z.int(),
  /** Median of the seconds spent on it. */
  seconds: z.int(),
})

const question = z.object({
  question: z.string(),
  html: z.string(),
  asked: z.int(),
  answered: z.int(),
  /** Mean share of the points. */
  difficulty: z.number(),
  /** Correlation with the rest of the attempt; null where it cannot be said. */
  discrimination: z.number().nullable(),
  wrong: z.array(z.object({ answer: z.string(), count: z.int() })),
})

const essay = z.object({
  attempt: z.uuid(),
  enrolment: z.uuid(),
  person: z.uuid(),
  item: z.string(),
  number: z.int(),
  endedAt: instant,
  waiting: z.int(),
})

/** What who teaches a course reads of its learners. */
export function mountTeaching(api: Api, { db, plans, access }: Learning): void {
  const forTeachers = { tag, params: byCourse, problems: [401, 403] }

  api.endpoint(
    {
      ...forTeachers,
      method: 'get',
      path: '/api/courses/:id/learners',
      operation: 'listLearners',
      summary: 'List who learns in a course',
      description: 'Also who left it, in the order of their ids.',
      query: z.object(paging),
      answers: {
        200: {
          description: 'A page of learners',
          body: z.object({ items: z.array(learner), next: z.string().nullable() }),
        },
      },
    },
    async ({ request, params, query: { limit, cursor } }) => {
      await access.teacher(request, params.id)
      const [after = nobody] = decodeCursor(cursor, z.tuple([z.uuid()])) ?? []
      const rows = await listLearners(db.work, params.id, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : undefined
      return own({ items, next: last ? encodeCursor([last.enrolment]) : null })
    },
  )

  api.endpoint(
    {
      ...forTeachers,
      method: 'get',
      path: '/api/courses/:id/learners.csv',
      operation: 'exportLearners',
      summary: 'Export who learns in a course',
      description: 'The same as the list, as CSV.',
      answers: { 200: { description: 'One line for each learner, under a line of names' } },
    },
    async ({ request, params }) => {
      await access.teacher(request, params.id)
      const rows: Learner[] = []
      for (;;) {
        const after = rows.at(-1)?.enrolment ?? nobody
        const part = await listLearners(db.work, params.id, { after, limit: 2000 })
        rows.push(...part)
        if (part.length < 2000) break
      }
      return new Response(csvOf([columns, ...rows.map(line)]), {
        headers: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': `attachment; filename="learners-${params.id}.csv"`,
          'Cache-Control': 'no-store',
        },
      })
    },
  )

  api.endpoint(
    {
      ...forTeachers,
      method: 'get',
      path: '/api/courses/:id/progress',
      operation: 'listLessonProgress',
      summary: 'Read where learners are, lesson by lesson',
      description: 'By the published revision, in its order.',
      answers: {
        200: { description: 'The lessons', body: z.object({ lessons: z.array(lesson) }) },
      },
    },
    async ({ request, params }) => {
      await access.teacher(request, params.id)
      const plan = await revisionOf(plans, params.id, null)
      const figures = await listLessonFigures(db.work, params.id)
      const none = { reached: 0, done: 0, left: 0, seconds: 0 }
      return own({
        lessons: [...plan.lessons.values()].map(({ key, title }) => ({
          ...none,
          ...figures.find((one) => one.lesson === key),
          lesson: key,
          title,
        })),
      })
    },
  )

  api.endpoint(
    {
      ...forTeachers,
      method: 'get',
      path: '/api/courses/:id/analysis',
      operation: 'analyseItem',
      summary: 'Analyse a graded item, question by question',
      description:
        'Of each learner’s first attempt: difficulty, discrimination, and the wrong answers, the most frequent first.',
      query: z.object({ item: partKey }),
      answers: {
        200: {
          description: 'The questions',
          body: z.object({ item: z.string(), attempts: z.int(), questions: z.array(question) }),
        },
      },
      problems: [401, 403, 404],
    },
    async ({ request, params, query: { item } }) => {
      await access.teacher(request, params.id)
      const plan = await revisionOf(plans, params.id, null)
      const quiz = plan.items.get(item)?.quiz
      const attempts = await listFirstAttempts(db.work, params.id, item, mostAnalysed)
      const questions = quiz ? analyse(quiz, attempts) : []
      return own({ item, attempts: attempts.length, questions })
    },
  )

  api.endpoint(
    {
      ...forTeachers,
      method: 'get',
      path: '/api/courses/:id/essays',
      operation: 'listWaitingEssays',
      summary: 'List what waits for a mark',
      description:
        'Attempts with questions that a teacher has to read; who waits longest comes first.',
      query: z.object(paging),
      answers: {
        200: {
          description: 'A page of attempts',
          body: z.object({ items: z.array(essay), next: z.string().nullable() }),
        },
      },
    },
    async ({ request, params, query: { limit, cursor } }) => {
      await access.teacher(request, params.id)
      const after = decodeCursor(cursor, z.tuple([givenInstant, z.uuid()]))
      const rows = await listWaiting(db.work, params.id, { after, limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : undefined
      const next = last ? encodeCursor([last.endedAt.toISOString(), last.attempt]) : null
      return own({ items, next })
    },
  )
}

const columns = [
  'enrolment',
  'person',
  'revision',
  'enrolled',
  'left',
  'completed',
  'last seen',
  'lessons done',
  'grade',
  'threshold',
  'waiting',
]

const line = (one: Learner) => [
  one.enrolment,
  one.person,
  one.revision,
  one.enrolledAt.toISOString(),
  one.leftAt?.toISOString() ?? null,
  one.completedAt?.toISOString() ?? null,
  one.lastAt?.toISOString() ?? null,
  one.done.length,
  one.share,
  one.threshold,
  one.waiting,
]
