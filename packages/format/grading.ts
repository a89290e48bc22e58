import { type CoursePolicy, defaultPolicy } from '@colonnade/questions'
import type { Extensions } from './course-files.ts'
import type { GradingFile } from './grading-file.ts'
import type { Report } from './report.ts'

const file = 'colonnade/grading.yaml'

/** What a page must know of the grading while it is read. */
export type Grading = {
  /** IANA zone of deadlines. */
  zone: string
  /** Groups that there are; null: any. */
  groups: readonly string[] | null
}

export const gradingOf = (given: GradingFile | null): Grading => ({
  zone: given?.zone ?? 'UTC',
  groups: given?.groups?.map(({ key }) => key) ?? null,
})

/** The policy of a course, where `used` are the groups its items name; what stands for nothing is reported. */
export function policyOf(
  { grading, gradingLineOf }: Extensions,
  used: readonly string[],
  report: Report,
): CoursePolicy {
  const policy = defaultPolicy(used)
  if (!grading) return policy
  for (const [at, { key }] of (grading.groups ?? []).entries()) {
    if (used.includes(key)) continue
    const line = gradingLineOf(['groups', at])
    report.approximated(file, line, `group ${key}`, 'nothing counts towards it')
  }
  const { late } = grading
  const thresholds = grading.thresholds ?? policy.thresholds
  const [lowest] = thresholds.toSorted((a, b) => a.from - b.from)
  return {
    zone: grading.zone ?? policy.zone,
    attempt: grading.attempt ?? policy.attempt,
    groups:
      grading.groups?.map(({ key, title, weight, drop }) => ({
        key,
        title: title ?? key,
        weight: weight ?? 1,
        drop: drop ?? 0,
      })) ?? policy.groups,
    late: late
      ? { graceMs: late.grace ?? 0, perDay: late.perDay, days: late.days ?? daysOf(late.perDay) }
      : null,
    thresholds,
    completion: {
      lessons: grading.completion?.lessons ?? true,
      // Where nothing is graded, nobody could reach it.
      threshold: used.length > 0 ? (grading.completion?.threshold ?? lowest?.name ?? null) : null,
    },
  }
}

/** After how many days nothing is left, when each takes this share. */
const daysOf = (perDay: number) => (perDay > 0 ? Math.min(365, Math.ceil(1 / perDay)) : 365)
