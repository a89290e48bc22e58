import type { Draft } from '@colonnade/outbox'
import { draw } from '@colonnade/questions'
import { answerTo, isEmpty } from '@colonnade/questions-ui'
import { z } from 'zod'
import type { Plan } from '../plan.ts'

/** What a browser kept of a course before its reader had an account. Lessons are named by their slugs. */
export const kept = z.object({
  course: z.int(),
  /** The lesson last opened. */
  lesson: z.string().max(1000).optional(),
  /** Lessons read to their end. */
  read: z.array(z.string().max(1000)).max(5000).default([]),
  /** Fields of quizzes as their forms had them, by `{lesson}-{quiz}`. */
  quizzes: z.record(z.string().max(2000), z.string().max(20_000)).default({}),
})
export type Kept = z.infer<typeof kept>

/** The same as entries for the log of who is enrolled now. What the course no longer has is left out. */
export function adopt(plan: Plan, { lesson, read, quizzes }: Kept): Draft[] {
  const lessons = [...plan.lessons.values()]
  const keyOf = (slug: string) => lessons.find((one) => one.slug === slug)?.key
  const place = lesson === undefined ? undefined : keyOf(lesson)
  return [
    ...read.flatMap((slug): Draft[] => {
      const key = keyOf(slug)
      return key === undefined ? [] : [{ type: 'done', lesson: key, data: {} }]
    }),
    ...lessons.flatMap(({ key, slug, items }) =>
      items.flatMap(({ key: item, quiz, graded }): Draft[] => {
        const fields = new URLSearchParams(quiz ? quizzes[`${slug}-${quiz.key}`] : '')
        const seed = fields.get('seed')
        if (!quiz || graded || seed === null) return []
        const answers = draw(quiz, seed).flatMap((question) => {
          const answer = answerTo(question, fields)
          return answer === undefined || isEmpty(answer) ? [] : [[question.key, answer] as const]
        })
        if (answers.length === 0) return []
        const data = { seed, answers: Object.fromEntries(answers) }
        return [{ type: 'check', lesson: key, item, data }]
      }),
    ),
    ...(place === undefined ? [] : [{ type: 'position', lesson: place, data: {} } as const]),
  ]
}
