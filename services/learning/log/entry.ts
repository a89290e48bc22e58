import { answer } from '@colonnade/questions'
import { z } from 'zod'

/** Letters that a key of a course may have at most. */
const key = z.string().min(1).max(1000)
const begin = {
  /** UUIDv7, made by the device: the same entry sent again is the same entry. */
  id: z.uuid().toLowerCase(),
  /** The device's clock, in milliseconds since 1970. */
  at: z.int().min(0).max(8_640_000_000_000_000),
  /** The version of the same subject that the device knew last; null or left out: none. */
  after: z.uuid().toLowerCase().nullish(),
  /** Other versions of it that the person saw and decided against. */
  settles: z.array(z.uuid().toLowerCase()).max(20).optional(),
}
const ofLesson = { ...begin, lesson: key, item: key.optional() }
const ofAttempt = { ...begin, attempt: z.uuid().toLowerCase() }

/** One thing that a learner did, as their device tells it. */
export const entry = z.discriminatedUnion('type', [
  /** Where they are in a lesson; `seconds` into the video of `item`. */
  z.object({
    ...ofLesson,
    type: z.literal('position'),
    data: z.object({
      seconds: z.number().min(0).max(1_000_000).optional(),
      anchor: z.string().max(500).optional(),
    }),
  }),
  z.object({ ...ofLesson, type: z.literal('done'), data: z.object({}).optional() }),
  /** An ungraded quiz, answered in the reading. */
  z.object({
    ...begin,
    lesson: key.optional(),
    item: key,
    type: z.literal('check'),
    data: z.object({ seed: z.string().max(100), answers: z.record(key, answer) }),
  }),
  z.object({
    ...ofAttempt,
    question: key,
    type: z.literal('answer'),
    data: z.object({ answer }),
  }),
  z.object({ ...ofAttempt, type: z.literal('submit'), data: z.object({}).optional() }),
  /** A note in the margin; a null text takes it away. */
  z.object({
    ...ofLesson,
    type: z.literal('note'),
    data: z.object({
      note: z.uuid().toLowerCase(),
      text: z.string().max(20_000).nullable(),
      anchor: z.string().max(500).optional(),
    }),
  }),
])

export type Entry = z.infer<typeof entry>

/** `known`: it was there already. `late`: its attempt was over, so it does not count. */
const entryState = z.enum(['kept', 'known', 'late', 'refused'])

/** What became of an entry. All but `known` are in the log, whatever their state. */
export const entryResult = z.object({
  id: z.uuid(),
  state: entryState,
  /** For people who mend devices: why it does not count. */
  why: z.string().optional(),
  /** Another version that neither follows the other: both are kept, and should be shown. */
  conflict: z.uuid().optional(),
  /** What a check is worth, as it was marked. */
  points: z.number().optional(),
  of: z.number().optional(),
})
export type EntryResult = z.infer<typeof entryResult>

/**
 * What an entry is a version of; undefined where each stands for itself. Versions of one subject replace each other as
 * `after` says, whatever the order in which they arrive.
 */
export function subjectOf(given: Entry): string | undefined {
  switch (given.type) {
    case 'position':
      return `position ${given.lesson}`
    case 'answer':
      return `answer ${given.attempt} ${given.question}`
    case 'note':
      return `note ${given.data.note}`
    case 'check':
      return `check ${given.item}`
    case 'done':
    case 'submit':
      return undefined
  }
}

/** Of versions that do not follow each other the latest counts; the same on every host, whatever arrived first. */
export function latest<T extends { id: string; at: number }>(
  versions: readonly T[],
): T | undefined {
  return versions.reduce<T | undefined>(
    (best, one) =>
      !best || one.at > best.at || (one.at === best.at && one.id > best.id) ? one : best,
    undefined,
  )
}
