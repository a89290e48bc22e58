import { isDeepStrictEqual } from 'node:util'
import { uuidv7 } from '@colonnade/http'
import type { SentForm } from '@colonnade/personal'
import { type Answer, draw, type Question } from '@colonnade/questions'
import { answerTo, isEmpty, isEssay } from '@colonnade/questions-ui'
import { readEntry } from '../log/read.ts'
import type { Attempt } from '../queries/attempts.ts'
import { listHeads } from '../queries/log.ts'
import { fileName, typeOf } from './files/content-type.ts'
import type { ItemData } from './model.ts'
import type { Pages } from './open.ts'
import { addFile, listAnswersIn, listFiles } from './queries.ts'
import { readAnswer } from './shown-attempt.ts'
import type { Standing } from './standing.ts'

export type Told = NonNullable<ItemData['told']>

const mostFiles = 10
const largestFile = 5_000_000
/** Bytes that a form with its files may have. */
export const largestForm = 25_000_000

/** What became of a form, and whether the attempt is over now. */
type Outcome = { told?: Told; isOver: boolean }

/**
 * Takes a form of an attempt, as scripts do it answer by answer: what differs from the version it was filled in with goes
 * to the log, and says which version that was. So a page that stood open for hours overwrites nothing.
 */
export async function answerByForm(
  pages: Pages,
  standing: Standing,
  attempt: Attempt,
  form: SentForm,
): Promise<Outcome> {
  const { fields } = form
  const take = fields.get('_take')
  if (take !== null) return await takeVersion(pages, standing, attempt, take)
  const questions = await questionsOf(pages, standing, attempt)
  const before = await versionsBefore(pages, standing, questions, fields)
  let told: Told | undefined
  const entries: Entry[] = []
  for (const question of questions) {
    const given = answerTo(question, fields)
    const kept = await withFiles(pages, attempt, question, given, form)
    told ??= kept.told
    const was = before.get(question.key)
    if (kept.answer === undefined || isSame(kept.answer, was?.answer)) continue
    entries.push({
      ...{ type: 'answer', attempt: attempt.id, question: question.key },
      ...{ after: was?.entry ?? null, data: { answer: kept.answer } },
    })
  }
  const saved = await add(pages, standing, entries)
  told = saved ?? told
  const isSubmit = fields.get('_do') === 'submit'
  // Handed in is what the learner has seen: first they choose, or send the file that was too large.
  if (!isSubmit || told !== undefined) {
    return { told: told ?? 'saved', isOver: told === 'late' || attempt.endedAt !== null }
  }
  const submitted = await add(pages, standing, [{ type: 'submit', attempt: attempt.id }])
  return { ...(submitted ? { told: submitted } : {}), isOver: true }
}

type Entry = {
  type: 'answer' | 'submit'
  attempt: string
  question?: string
  after?: string | null
  settles?: string[]
  data?: { answer: Answer }
}

/** @returns what there is to say about it: that it came too late, or that another device answered otherwise */
async function add(
  { addToLog }: Pages,
  { enrolment }: Standing,
  entries: readonly Entry[],
): Promise<'late' | 'conflict' | undefined> {
  if (entries.length === 0) return undefined
  const at = Date.now()
  const { results } = await addToLog({
    enrolment: enrolment.id,
    person: enrolment.person,
    entries: entries.map((entry) => {
      const whole = { id: uuidv7(), at, ...entry }
      return readEntry(whole, at)
    }),
    behindMs: 0,
    came: performance.now(),
  })
  if (results.some(({ state }) => state === 'late')) return 'late'
  return results.some(({ conflict }) => conflict !== undefined) ? 'conflict' : undefined
}

async function questionsOf(
  { plans }: Pages,
  { enrolment }: Standing,
  { revision, item, seed }: Attempt,
): Promise<Question[]> {
  const plan = await plans.of(enrolment.courseId, revision)
  const quiz = plan?.items.get(item)?.quiz
  return quiz ? draw(quiz, seed) : []
}

type Before = { entry: string; answer: Answer | undefined }

/** The versions that the form was filled in with, by question. */
async function versionsBefore(
  { db }: Pages,
  { enrolment }: Standing,
  questions: readonly Question[],
  fields: URLSearchParams,
): Promise<Map<string, Before>> {
  const named = questions.flatMap(({ key }) => {
    const entry = fields.get(`_after.${key}`)
    return entry && /^[\da-f-]{36}$/.test(entry) ? [[key, entry] as const] : []
  })
  const ids = named.map(([, entry]) => entry)
  const found = new Map(
    (await listAnswersIn(db.work, enrolment.id, ids)).map(({ id, answer }) => [id, answer]),
  )
  // One that is not there yet is on its way from the same device: it is named all the same.
  return new Map(
    named.map(([key, entry]) => [key, { entry, answer: readAnswer(found.get(entry)) }]),
  )
}

const isSame = (given: Answer, before: Answer | undefined) =>
  before === undefined ? isEmpty(given) : isDeepStrictEqual(given, before)

/** The answer with the files that came with it, which are kept first. */
async function withFiles(
  { db }: Pages,
  attempt: Attempt,
  question: Question,
  given: Answer | undefined,
  { files }: SentForm,
): Promise<{ answer: Answer | undefined; told?: Told }> {
  if (given === undefined || !isEssay(given)) return { answer: given }
  const known = new Set((await listFiles(db.work, attempt.id)).map(({ id }) => id))
  const ids = given.files.filter((id) => known.has(id))
  let told: Told | undefined
  for (const { field, file } of question.type === 'essay' && question.files ? files : []) {
    if (field !== `${question.key}.new`) continue
    if (ids.length >= mostFiles) return { answer: { ...given, files: ids }, told: 'files-many' }
    const id = uuidv7()
    const isKept = file.size <= largestFile && (await keepFile(id, file))
    if (isKept) ids.push(id)
    else told = 'file-large'
  }
  return { answer: { ...given, files: ids }, ...(told ? { told } : {}) }

  async function keepFile(id: string, file: File): Promise<boolean> {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const kept = { id, attempt: attempt.id, question: question.key, bytes }
    return await addFile(db.work, { ...kept, name: fileName(file.name), type: typeOf(bytes) })
  }
}

/** Of versions that disagree one is chosen, which puts an end to the others. */
async function takeVersion(
  pages: Pages,
  standing: Standing,
  attempt: Attempt,
  chosen: string,
): Promise<Outcome> {
  const [version = '', ...key] = chosen.split(' ')
  const question = key.join(' ')
  const heads = (
    await listHeads(pages.db.work, standing.enrolment.id, `answer ${attempt.id} `)
  ).filter((head) => head.question === question)
  const [found] = await listAnswersIn(
    pages.db.work,
    standing.enrolment.id,
    heads.map(({ id }) => id).filter((id) => id === version),
  )
  const answer = found && readAnswer(found.answer)
  if (answer === undefined) return { told: 'conflict', isOver: attempt.endedAt !== null }
  const settles = heads.map(({ id }) => id).filter((id) => id !== version)
  const entry = { type: 'answer', attempt: attempt.id, question, after: version } as const
  const told = await add(pages, standing, [{ ...entry, settles, data: { answer } }])
  return { told: told ?? 'saved', isOver: told === 'late' }
}
