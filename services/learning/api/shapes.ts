import { text } from '@colonnade/http'
import { z } from 'zod'

/** An instant in UTC, as in `2026-12-01T22:59:00.000Z`. */
export const instant = z.iso.datetime({ offset: true, precision: 3 })

const earliest = Date.UTC(1970, 0, 1)
const last = Date.UTC(9999, 0, 1)

/** An instant as somebody gives it, with any offset; one that the database can hold. */
export const givenInstant = z.iso.datetime({ offset: true }).refine((text) => {
  const at = Date.parse(text)
  return at >= earliest && at < last
}, 'is not between the years 1970 and 9999')

/** A part's key in a course, as an address or a body names it. */
export const partKey = text(1000)

/** A revision's number; those of courses are small. */
export const revisionNumber = z.int().min(1).max(1_000_000_000)

const mark = z.object({
  question: z.string(),
  points: z.number(),
  of: z.number(),
  /** `waiting`: a teacher has to read it; `unit`: the number is right, its unit is not. */
  verdict: z.enum(['right', 'partly', 'wrong', 'unanswered', 'unit', 'waiting']),
  right: z.int(),
  parts: z.int(),
  byTeacher: z.boolean(),
  /** Points by the rubric's key. */
  rubric: z.record(z.string(), z.number()),
  comment: z.string(),
  /** HTML by the author, for this answer first. */
  explanations: z.array(z.string()),
})

const version = z.object({
  /** The log entry's id, for `after`. */
  entry: z.uuid(),
  /** Milliseconds since 1970. */
  at: z.number(),
  answer: z.unknown(),
})

/** An attempt as its learner sees it; the right answers are nowhere in it until it is over. */
export const attemptBody = z.object({
  id: z.uuid(),
  enrolment: z.uuid(),
  item: z.string(),
  title: z.string(),
  number: z.int(),
  startedAt: instant,
  /** Null: there is no limit. */
  endsAt: instant.nullable(),
  endedAt: instant.nullable(),
  endedBy: z.enum(['submit', 'time']).nullable(),
  /** The server's clock, in milliseconds since 1970. */
  now: z.number(),
  /** As `ask` of the question model gives them: HTML, options, steps. */
  questions: z.array(z.looseObject({ key: z.string(), type: z.string(), points: z.number() })),
  /** What counts for each question, and the versions that are at odds with it. */
  answers: z.record(z.string(), version.extend({ others: z.array(version) })),
  /** What came when the attempt was over: kept, and not counted. */
  late: z.array(version.extend({ question: z.string().nullable(), receivedAt: z.string() })),
  /** Null until it is over. */
  marks: z.array(mark).nullable(),
  points: z.number().nullable(),
  of: z.number().nullable(),
  /** How many questions wait for a teacher. */
  waiting: z.int(),
})

/** A graded item of a course, as one learner stands at it. */
export const itemState = z.object({
  key: z.string(),
  title: z.string(),
  lesson: z.string(),
  group: z.string(),
  due: instant.nullable(),
  /** Null: as many, or as long, as one likes. */
  attempts: z.int().nullable(),
  minutes: z.number().nullable(),
  used: z.int(),
  running: z.uuid().nullable(),
  waiting: z.int(),
  /** What the attempt rule made of it (0 to 1); null until something was handed in. */
  share: z.number().nullable(),
})

export const gradeBody = z.object({
  /** From 0 to 1. */
  share: z.number(),
  threshold: z.string().nullable(),
  waiting: z.int(),
})

export const enrolmentBody = z.object({
  id: z.uuid(),
  courseId: z.int(),
  slug: z.string(),
  title: z.string(),
  revision: z.int(),
  run: z.string(),
  enrolledAt: instant,
  leftAt: instant.nullable(),
  completedAt: instant.nullable(),
  /** Lessons done of all, by key. */
  done: z.array(z.string()),
  lessons: z.int(),
  /** Where they were last. */
  position: z
    .object({
      lesson: z.string(),
      slug: z.string(),
      anchor: z.string().nullable(),
      seconds: z.number().nullable(),
      at: z.number(),
    })
    .nullable(),
  items: z.array(itemState),
  /** What is due next and not handed in. */
  next: z.object({ item: z.string(), due: instant }).nullable(),
  grade: gradeBody.nullable(),
  /** The certificate's number, a few seconds after the course was completed. */
  certificate: z.uuid().nullable(),
})

export type AttemptBody = z.infer<typeof attemptBody>
export type ItemState = z.infer<typeof itemState>
export type EnrolmentBody = z.infer<typeof enrolmentBody>
