import type { Sql } from '@colonnade/db'
import { ask, draw, type Quiz, score } from '@colonnade/questions'
import { z } from 'zod'
import type { AttemptBody } from '../api/shapes.ts'
import { heldMarks, isWaiting, sumOf } from '../grading/marks.ts'
import type { Plan } from '../plan.ts'
import { type Attempt, listMarks } from '../queries/attempts.ts'
import { listHeads, listLate } from '../queries/log.ts'

const given = z.object({ answer: z.unknown() })
const answerIn = (data: unknown) => given.safeParse(data).data?.answer

/**
 * An attempt as its learner sees it.
 * @param plan of the attempt's revision
 * @param fresh it was started just now: nothing can have come for it
 */
export async function attemptState(
  sql: Sql,
  plan: Plan,
  attempt: Attempt,
  fresh = false,
): Promise<AttemptBody> {
  const item = plan.items.get(attempt.item)
  if (!item?.quiz) throw new Error(`attempt ${attempt.id} has no questions`)
  const { id, enrolmentId, seed } = attempt
  const [heads, late, marks] = fresh
    ? [[], [], []]
    : await Promise.all([
        listHeads(sql, enrolmentId, `answer ${id} `),
        listLate(sql, id),
        attempt.marks ? listMarks(sql, [id]) : [],
      ])
  const answers: AttemptBody['answers'] = {}
  for (const { id: entry, at, question, data } of heads) {
    if (question === null) continue
    const version = { entry, at, answer: answerIn(data) }
    const first = answers[question]
    // The latest comes first; the others are at odds with it.
    if (first) first.others.push(version)
    else answers[question] = { ...version, others: [] }
  }
  const held = attempt.marks && heldMarks(attempt.marks, marks)
  return {
    id,
    enrolment: enrolmentId,
    item: attempt.item,
    title: item.title,
    number: attempt.number,
    startedAt: attempt.startedAt.toISOString(),
    endsAt: attempt.endsAt?.toISOString() ?? null,
    endedAt: attempt.endedAt?.toISOString() ?? null,
    endedBy: attempt.endedBy,
    now: Date.now(),
    questions: ask(item.quiz, seed).questions,
    answers,
    late: late.map(({ id: entry, at, question, data, receivedAt }) => ({
      ...{ entry, at, question, receivedAt },
      answer: answerIn(data),
    })),
    marks: held && explained(item.quiz, attempt, held),
    points: held && sumOf(held),
    of: attempt.outOf,
    waiting: held ? held.filter(isWaiting).length : 0,
  }
}

/** Marks with the author's words on each answer, which the attempt's row does not keep. */
function explained(
  quiz: Quiz,
  { seed, answers }: Attempt,
  held: ReturnType<typeof heldMarks>,
): NonNullable<AttemptBody['marks']> {
  const questions = new Map(draw(quiz, seed).map((question) => [question.key, question]))
  const chosen = new Map(Object.entries(answers ?? {}))
  return held.map((mark) => {
    const question = questions.get(mark.question)
    const said = question ? score(question, chosen.get(mark.question)).explanations : []
    return { ...mark, explanations: said }
  })
}
