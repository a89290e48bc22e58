import type { Verdict } from '@colonnade/questions'
import type { KeptMark, MarkRow } from '../queries/attempts.ts'

/** A question's mark as it holds now. */
export type HeldMark = KeptMark & {
  /** Whether a teacher gave it. */
  byTeacher: boolean
  rubric: Record<string, number>
  comment: string
}

type Given = Pick<MarkRow, 'question' | 'points' | 'verdict' | 'regradeId' | 'rubric' | 'comment'>

/**
 * The marks of an attempt as they hold: as it was marked when it ended, but for what was regraded, but for what a teacher
 * marked; of each the last one given.
 * @param given in the order in which they were given
 */
export function heldMarks(marks: readonly KeptMark[], given: readonly Given[]): HeldMark[] {
  const last = new Map<string, Given>()
  for (const one of given) {
    const before = last.get(one.question)
    const teacherHolds = before && before.regradeId === null && one.regradeId !== null
    if (!teacherHolds) last.set(one.question, one)
  }
  return marks.map((mark) => {
    const over = last.get(mark.question)
    if (!over) return { ...mark, byTeacher: false, rubric: {}, comment: '' }
    const { points, rubric, comment } = over
    return {
      ...mark,
      points,
      verdict: over.verdict ?? verdictOf(points, mark.of),
      byTeacher: over.regradeId === null,
      rubric,
      comment,
    }
  })
}

/** What so many points of a question amount to. */
const verdictOf = (points: number, of: number): Verdict =>
  points >= of ? 'right' : points > 0 ? 'partly' : 'wrong'

export const sumOf = (marks: readonly { points: number }[]) =>
  marks.reduce((sum, { points }) => sum + points, 0)

export const isWaiting = ({ verdict }: { verdict: Verdict }) => verdict === 'waiting'
