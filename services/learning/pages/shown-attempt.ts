import type { Sql } from '@colonnade/db'
import { type Answer, type Asked, answer } from '@colonnade/questions'
import type { AttemptBody } from '../api/shapes.ts'
import type { EndedAttempt, RunningAttempt, Version } from './model.ts'
import { listFiles } from './queries.ts'

/** An attempt as its page shows it: to be answered, or to be read. */
export async function shownAttempt(
  sql: Sql,
  body: AttemptBody,
  questions: readonly Asked[],
): Promise<RunningAttempt | EndedAttempt> {
  const { id, number, answers, marks, endedAt, endedBy, endsAt, late } = body
  const files = new Map((await listFiles(sql, id)).map((file) => [file.id, file]))
  const given = Object.entries(answers)
  const base = { id, number, questions, files }
  if (endedAt && endedBy) {
    return {
      ...base,
      kind: 'ended',
      endedAt: new Date(endedAt),
      endedBy,
      answers: new Map(
        given.flatMap(([key, version]) => {
          const own = readAnswer(version.answer)
          return own === undefined ? [] : [[key, own] as const]
        }),
      ),
      marks: new Map((marks ?? []).map((mark) => [mark.question, mark])),
      teacher: new Map(
        (marks ?? [])
          .filter(({ byTeacher }) => byTeacher)
          .map(({ question, comment, rubric }) => [question, { comment, rubric }]),
      ),
      late: late.length,
    }
  }
  return {
    ...base,
    kind: 'running',
    endsAt: endsAt === null ? null : new Date(endsAt),
    answers: new Map(
      given.flatMap(([key, { answer, entry }]) => {
        const own = readAnswer(answer)
        return own === undefined ? [] : [[key, { answer: own, entry }] as const]
      }),
    ),
    conflicts: new Map(
      given
        .filter(([, { others }]) => others.length > 0)
        .map(([key, version]) => [key, [version, ...version.others].flatMap(versionOf)]),
    ),
  }
}

/** An answer as the log has it; undefined when it is none. */
export function readAnswer(given: unknown): Answer | undefined {
  return answer.safeParse(given).data
}

function versionOf(given: { entry: string; at: number; answer?: unknown }): Version[] {
  const own = readAnswer(given.answer)
  return own === undefined ? [] : [{ id: given.entry, at: new Date(given.at), answer: own }]
}
