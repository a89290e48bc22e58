import { type Question, quiz as quizSchema } from '@colonnade/questions'
import type { Element } from 'hast'
import type { Refuse } from '../errors.ts'
import { attempt } from '../report.ts'
import { slugOf } from '../slugs.ts'
import { isYes, readGraded } from './graded.ts'
import { hasClass, isElement, property } from './nodes.ts'
import { readQuestion } from './questions.ts'
import { findWithin, nameOf, titleOf, type Work, type WorkPage } from './work.ts'

/** Reads a quiz; undefined when one of its questions was refused. */
export function readQuiz(node: Element, line: number, page: WorkPage): Work | undefined {
  const { answers, around, report, refuse } = page
  const title = titleOf(node)
  const parts = node.children
    .filter((child) => isElement(child))
    .filter((child) => !title.includes(child))
  const bank = bankOf(node, line, page)
  const graded = readGraded(node, line, around.grading, refuse, null)
  const own = parts.flatMap((child) => {
    const at = child.position?.start.line ?? line
    return (
      attempt(report, () => {
        const question = hasClass(child, 'ln-question')
        const inner = question
          ? findWithin(child, 'ln-quiz', 'ln-assignment', 'ln-question')
          : child
        if (!inner) return readQuestion(child, line, answers, refuse)
        return refuse(
          inner.position?.start.line ?? at,
          'A quiz holds nothing but its title and its questions.',
          'Move this above the quiz, or into a question.',
        )
      }) ?? []
    )
  })
  // What is missing then is said already.
  if (own.length < parts.length || bank === null) return undefined
  const questions = [...own, ...bank]
  if (questions.length === 0) {
    refuse(line, 'The quiz has no question.', 'Write one between “::: question” and “:::”.')
  }
  refuseTwice(questions, line, refuse)
  if (graded === null && questions.some(({ type }) => type === 'essay')) {
    refuse(
      line,
      'Nobody would read the essay: a teacher reads what counts.',
      'Name the group it counts towards, as in graded="essays".',
    )
  }
  const draw = readDraw(property(node, 'dataDraw'), questions.length, line, refuse)
  const shuffle = isYes(node, 'shuffle', line, refuse)
  const name = nameOf(node)
  const key = property(node, 'id') ?? slugOf(name, 'quiz')
  const quiz = quizSchema.parse({ key, title: name, draw, shuffle, questions })
  return { quiz, graded, bank: property(node, 'dataBank') }
}

function bankOf(
  node: Element,
  line: number,
  { around, refuse }: WorkPage,
): readonly Question[] | null {
  const name = property(node, 'dataBank')
  if (name === null) return []
  const bank = around.banks.get(name)
  if (bank !== undefined) return bank
  const names = [...around.banks.keys()].join(', ') || 'There is none yet'
  return refuse(
    line,
    `There is no bank “${name}”.`,
    `Put its questions into colonnade/banks/${name}.md, or choose another: ${names}.`,
  )
}

/** Questions of one quiz, or one bank, are told apart by their keys. */
export function refuseTwice(questions: readonly Question[], line: number, refuse: Refuse): void {
  const keys = questions.map(({ key }) => key)
  if (new Set(keys).size === keys.length) return
  refuse(
    line,
    'Two questions are the same.',
    'Reword one, or give it an id: ::: {.question #another}',
  )
}

function readDraw(
  given: string | null,
  count: number,
  line: number,
  refuse: Refuse,
): number | null {
  if (given === null) return null
  const number = Number(given)
  if (Number.isInteger(number) && number >= 1 && number <= count) return number
  return refuse(
    line,
    `draw="${given}" cannot be: the quiz has ${count} questions.`,
    `Choose a whole number from 1 to ${count}.`,
  )
}
