import { z } from 'zod'

const dayMs = 86_400_000
const lengths = { minute: 60_000, hour: 3_600_000, day: dayMs }

/** A part of a whole: `60%`, or 0.6. */
const share = z
  .union([z.number(), z.string()])
  .transform((value) => {
    const percent = typeof value === 'string' && /^(\d+(?:\.\d+)?) ?%$/.exec(value.trim())
    return percent ? Number(percent[1]) / 100 : Number(value)
  })
  .refine(
    (value) => value >= 0 && value <= 1,
    'must be a share like “60%”, or a number from 0 to 1',
  )

const grace = z
  .string()
  .transform((value) => {
    const [, count, unit] = /^(\d{1,4}) (minute|hour|day)s?$/.exec(value.trim()) ?? []
    const length =
      unit === 'minute' || unit === 'hour' || unit === 'day' ? lengths[unit] : Number.NaN
    return Number(count) * length
  })
  .refine(Number.isFinite, 'must be a time like “15 minutes”, “2 hours” or “1 day”')

const flag = z.union([z.boolean(), z.enum(['yes', 'no']).transform((value) => value === 'yes')])
const key = z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'only letters, digits, dots, - and _')
const name = z.string().trim().min(1).max(60)

function isZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** `colonnade/grading.yaml` */
export const gradingFile = z
  .object({
    zone: z
      .string()
      .refine(isZone, 'must be a time zone like “Europe/Madrid”')
      .nullish()
      .describe('IANA time zone of the deadlines, as in “Europe/Madrid”. Else UTC.'),
    attempt: z
      .enum(['best', 'last', 'average'])
      .nullish()
      .describe('Which attempt counts. Else the best.'),
    groups: z
      .array(
        z.object({
          key,
          title: name.nullish().describe('As learners read it; else the key.'),
          weight: z.number().min(0).max(10_000).nullish().describe('Beside the others. Else 1.'),
          drop: z.int().min(0).max(100).nullish().describe('So many lowest results do not count.'),
        }),
      )
      .min(1)
      .nullish()
      .describe('What graded="…" of quizzes and assignments names. Else all that they name.'),
    late: z
      .object({
        grace: grace.nullish().describe('So late is not late, as in “15 minutes”.'),
        perDay: share.describe('What each day begun costs, as in “10%” of the points.'),
        days: z.int().min(0).max(365).nullish().describe('After so many days all is lost.'),
      })
      .nullish()
      .describe('What being late costs. Else nothing.'),
    thresholds: z
      .array(z.object({ name, from: share.describe('As in “60%”.') }))
      .min(1)
      .nullish()
      .describe('Names for grades. Else “Pass” from 60%.'),
    completion: z
      .object({
        lessons: flag.nullish().describe('Every lesson has to be done. Else yes.'),
        threshold: name.nullish().describe('The name a grade has to reach. Else the lowest.'),
      })
      .nullish()
      .describe('What completes the course.'),
  })
  .superRefine(({ groups, thresholds, completion }, context) => {
    const twice = (list: readonly string[], at: PropertyKey[], field: string) => {
      for (const [index, one] of list.entries()) {
        if (list.indexOf(one) === index) continue
        const message = `“${one}” is there already`
        context.addIssue({ code: 'custom', path: [...at, index, field], message })
      }
    }
    twice(
      (groups ?? []).map((group) => group.key),
      ['groups'],
      'key',
    )
    const names = thresholds ? thresholds.map((one) => one.name) : ['Pass']
    twice(names, ['thresholds'], 'name')
    const named = completion?.threshold
    if (named && !names.includes(named)) {
      const message = `must be one of the thresholds: ${names.join(', ')}`
      context.addIssue({ code: 'custom', path: ['completion', 'threshold'], message })
    }
    if (groups?.every(({ weight }) => weight === 0)) {
      const message = 'must not all weigh 0'
      context.addIssue({ code: 'custom', path: ['groups'], message })
    }
  })
  .meta({ title: 'How the course is graded' })

export type GradingFile = z.output<typeof gradingFile>
