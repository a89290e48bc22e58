import { z } from 'zod'

const html = z.string()
const key = z.string().min(1)
const asked = {
  /** Stays the same over revisions, unique in its quiz. */
  key,
  html,
  points: z.number().positive().max(1000),
  /** Shown once it is answered, whatever the answer. */
  explanation: html,
}
const option = z.object({ key, html, right: z.boolean(), explanation: html })
const step = z.object({ key, html })

/** What an author expects: a right answer, or a wrong one worth a word of its own. */
const accepted = { right: z.boolean(), explanation: html }

/** One question with its answers. Only `ask` makes of it what a public page may hold. */
export const question = z.discriminatedUnion('type', [
  z.object({ ...asked, type: z.literal('single'), options: z.array(option).min(2) }),
  z.object({ ...asked, type: z.literal('multiple'), options: z.array(option).min(2) }),
  z.object({
    ...asked,
    type: z.literal('numeric'),
    answers: z
      .array(
        z.object({
          value: z.number(),
          tolerance: z.number().min(0),
          unit: z.string(),
          ...accepted,
        }),
      )
      .min(1),
  }),
  z.object({
    ...asked,
    type: z.literal('text'),
    answers: z.array(z.object({ pattern: z.string().min(1), ...accepted })).min(1),
  }),
  z.object({
    ...asked,
    type: z.literal('matching'),
    pairs: z.array(z.object({ key, html, match: step })).min(2),
  }),
  /** The steps in their right order. */
  z.object({ ...asked, type: z.literal('ordering'), steps: z.array(step).min(2) }),
  /** Read and marked by a teacher. Its points are the sum of its rubric's, where it has one. */
  z.object({
    ...asked,
    type: z.literal('essay'),
    files: z.boolean(),
    rubric: z.array(z.object({ key, html, points: asked.points })),
  }),
])

/** Questions asked together. `draw` of them are chosen by the seed; null: all, in the author's order. */
export const quiz = z.object({
  key,
  title: z.string(),
  draw: z.int().min(1).nullable(),
  shuffle: z.boolean(),
  questions: z.array(question).min(1),
})

export type Question = z.infer<typeof question>
export type Quiz = z.infer<typeof quiz>

/**
 * What a learner answers: an option's key or a text; the keys of options, or of steps in order; for matching, a key
 * of the right side for each of the left; for an essay, its text and the ids of the files handed in with it.
 */
export const answer = z.union([
  z.strictObject({ text: z.string().max(100_000), files: z.array(z.uuid()).max(20) }),
  z.string().max(400),
  z.array(z.string().max(100)).max(100),
  z.record(z.string().max(100), z.string().max(100)),
])
export type Answer = z.infer<typeof answer>
