import { draw, score } from '@colonnade/questions'
import type { Plan } from '../plan.ts'
import { type Entry, type EntryResult, latest, subjectOf } from './entry.ts'

/** A version of a subject, as far as order needs it. */
export type Version = { id: string; at: number }

/** An attempt as the log sees it. `questions` are the keys it was asked; instants are in milliseconds since 1970. */
export type OpenAttempt = {
  id: string
  item: string
  questions: ReadonlySet<string>
  endsAt: number | null
  endedAt: number | null
}

/** All that decides what becomes of an enrolment's entries; judging changes it as if they were written. */
export type Standing = {
  plan: Plan
  /** The server's clock when the entries came. */
  now: number
  /** Ids that the log holds, of those that the entries name. */
  known: Set<string>
  heads: Map<string, Version[]>
  awaited: Map<string, Set<string>>
  attempts: Map<string, OpenAttempt>
}

/** What an entry comes to: the answer for its device, its row in the log, and the attempt that it ends. */
export type Judged = {
  result: EntryResult
  /** Undefined where the log holds it already. */
  row?: { at: number; state: 'kept' | 'late' | 'refused'; why?: string; lesson?: string }
  ends?: string
}

/** Versions of one subject at most that nobody settled. */
const mostHeads = 50

/** Decides what becomes of one entry. `at` is its time by the server's clock. It is pure but for the standing. */
export function judge(standing: Standing, given: Entry, at: number): Judged {
  const { id } = given
  if (standing.known.has(id)) return { result: { id, state: 'known' } }
  standing.known.add(id)
  const refusal = refuse(standing, given)
  if (refusal) {
    const { state, why } = refusal
    return { result: { id, state, why }, row: { at, state, why } }
  }
  const lesson = lessonOf(standing.plan, given)
  const row = { at, state: 'kept' as const, ...(lesson === undefined ? {} : { lesson }) }
  if (given.type === 'submit') {
    endAttempt(standing, given.attempt, standing.now)
    return { result: { id, state: 'kept' }, row, ends: given.attempt }
  }
  const conflict = follow(standing, given, at)
  const result: EntryResult = { id, state: 'kept', ...(conflict ? { conflict } : {}) }
  return { result: { ...result, ...markCheck(standing.plan, given) }, row }
}

/** Notes that an attempt is over, so that what comes after is late. */
export function endAttempt({ attempts }: Standing, id: string, endedAt: number): void {
  const attempt = attempts.get(id)
  if (attempt) attempts.set(id, { ...attempt, endedAt })
}

/** Whether the clock ended an attempt that nobody has ended yet. */
export const isOver = ({ endsAt, endedAt }: OpenAttempt, now: number) =>
  endedAt === null && endsAt !== null && endsAt <= now

type Refusal = { state: 'late' | 'refused'; why: string }
const refused = (why: string): Refusal => ({ state: 'refused', why })

function refuse({ plan, attempts, now, heads }: Standing, given: Entry): Refusal | undefined {
  if ('attempt' in given) {
    const attempt = attempts.get(given.attempt)
    if (!attempt) return refused('There is no such attempt in this enrolment.')
    if (given.type === 'answer' && !attempt.questions.has(given.question))
      return refused('This attempt does not ask this question.')
    if (attempt.endedAt !== null || isOver(attempt, now))
      return { state: 'late', why: 'The attempt was over when this came.' }
  } else {
    const item = given.item === undefined ? undefined : plan.items.get(given.item)
    if (given.item !== undefined && !item)
      return refused(`Revision ${plan.revision} of the course has no such item.`)
    if (given.type === 'check' && (!item?.quiz || item.graded))
      return refused('Only ungraded quizzes are checked in the reading.')
    if (given.type !== 'check' && !plan.lessons.has(given.lesson))
      return refused(`Revision ${plan.revision} of the course has no such lesson.`)
  }
  const subject = subjectOf(given)
  const versions = subject === undefined ? 0 : (heads.get(subject)?.length ?? 0)
  return versions >= mostHeads
    ? refused('Too many versions of this wait to be settled.')
    : undefined
}

const lessonOf = (plan: Plan, given: Entry) =>
  'attempt' in given
    ? undefined
    : given.type === 'check'
      ? plan.items.get(given.item)?.lesson
      : given.lesson

/**
 * Sets an entry among the versions of its subject: it stands for itself unless another follows it already, and those
 * that it follows do so no more. What comes of it depends on the entries, not on the order of their arrival.
 * @returns another version that neither follows the other
 */
function follow(standing: Standing, given: Entry, at: number): string | undefined {
  const subject = subjectOf(given)
  if (subject === undefined) return undefined
  const heads = standing.heads.get(subject) ?? []
  const own = { id: given.id, at }
  if (given.type === 'position' || given.type === 'check') {
    // Nothing is lost where the latest of these wins: nobody wrote the others for keeping.
    const best = latest([...heads, own])
    standing.heads.set(subject, best ? [best] : [])
    return undefined
  }
  const over = [...(given.after ? [given.after] : []), ...(given.settles ?? [])]
  const awaited = standing.awaited.get(subject) ?? new Set()
  for (const id of over) if (!standing.known.has(id)) awaited.add(id)
  const others = heads.filter((head) => !over.includes(head.id))
  const followed = awaited.delete(given.id)
  standing.awaited.set(subject, awaited)
  standing.heads.set(subject, followed ? others : [...others, own])
  return followed ? undefined : latest(others)?.id
}

/** What an ungraded quiz is worth, of the questions that its seed draws. */
function markCheck(plan: Plan, given: Entry): { points: number; of: number } | undefined {
  const quiz = given.type === 'check' ? plan.items.get(given.item)?.quiz : undefined
  if (!quiz || given.type !== 'check') return undefined
  const { seed, answers } = given.data
  const chosen = new Map(Object.entries(answers))
  const marks = draw(quiz, seed).map((question) => score(question, chosen.get(question.key)))
  return {
    points: marks.reduce((sum, mark) => sum + mark.points, 0),
    of: marks.reduce((sum, mark) => sum + mark.of, 0),
  }
}
