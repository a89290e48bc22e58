import { type Quiz, quiz as quizSchema } from '@colonnade/questions'
import type { Element, ElementContent, Root } from 'hast'
import { CourseError, type Refuse } from '../errors.ts'
import { slugOf } from '../slugs.ts'
import { hasClass, isBlank, isElement, type Parent, property, rebuild } from './nodes.ts'
import { plainOf } from './plain.ts'
import { readQuestion } from './questions.ts'

/**
 * Takes the quizzes out of a page, answers and all. What stays is a box with the title, into which the page that
 * shows it puts the questions.
 * @throws CourseError for a quiz that cannot be asked
 */
export function takeQuizzes(
  root: Root,
  file: string,
  answers: ReadonlyMap<Element, string>,
): Quiz[] {
  const refuse: Refuse = (line, problem, mend) => {
    throw new CourseError({ file, line }, problem, mend)
  }
  const found: Quiz[] = []
  root.children = rebuild(root.children, (node, line) => {
    if (!hasClass(node, 'ln-quiz')) return [node]
    const quiz = readQuiz(node, line, answers, refuse)
    found.push(quiz)
    const title = node.children.filter((child) => isElement(child) && hasClass(child, 'ln-title'))
    const id = quiz.key
    return [{ ...node, properties: { className: ['ln-quiz'], id }, children: title }]
  })
  const stray = findQuestion(root)
  if (stray) {
    refuse(
      stray.position?.start.line ?? 1,
      'A question stands outside a quiz.',
      'Put “::: quiz” before it and “:::” after it.',
    )
  }
  return found
}

/** The fenced code called `answer`, as it was written, before code is coloured and becomes figures. */
export function takeAnswers(root: Root): Map<Element, string> {
  const found = new Map<Element, string>()
  const visit = (parent: Parent, question: Element | null) => {
    for (const [at, node] of [...parent.children.entries()].reverse()) {
      if (!isElement(node)) continue
      const code = isElement(node, 'pre')
        ? node.children.find((one) => isElement(one, 'code'))
        : undefined
      if (question && isElement(code) && hasClass(code, 'language-answer')) {
        found.set(question, textIn(code.children))
        parent.children.splice(at, 1)
        continue
      }
      visit(node, hasClass(node, 'ln-question') ? node : question)
    }
  }
  visit(root, null)
  return found
}

const textIn = (nodes: ElementContent[]): string =>
  nodes.map((node) => (node.type === 'text' ? node.value : '')).join('')

function findQuestion(parent: Parent): Element | null {
  for (const node of parent.children) {
    if (!isElement(node)) continue
    if (hasClass(node, 'ln-question')) return node
    const inner = findQuestion(node)
    if (inner) return inner
  }
  return null
}

function readQuiz(
  node: Element,
  line: number,
  answers: ReadonlyMap<Element, string>,
  refuse: Refuse,
): Quiz {
  const parts = node.children.filter((child) => !isBlank(child))
  const title = parts.find((child) => isElement(child) && hasClass(child, 'ln-title'))
  const name = isElement(title) ? plainOf(title.children).replace(/\s+/g, ' ').slice(0, 300) : ''
  const questions = parts.flatMap((child) => {
    if (child === title || !isElement(child)) return []
    if (hasClass(child, 'ln-question')) return [readQuestion(child, line, answers, refuse)]
    const at = child.position?.start.line ?? line
    return refuse(
      at,
      'A quiz holds nothing but its title and its questions.',
      'Move this above the quiz, or into a question.',
    )
  })
  if (questions.length === 0) {
    refuse(line, 'The quiz has no question.', 'Write one between “::: question” and “:::”.')
  }
  const keys = questions.map(({ key }) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) {
    refuse(
      line,
      'Two questions of the quiz are the same.',
      'Reword one, or give it an id: ::: {.question #another}',
    )
  }
  const draw = readDraw(property(node, 'dataDraw'), questions.length, line, refuse)
  const shuffle = property(node, 'dataShuffle') === 'yes'
  const key = property(node, 'id') ?? slugOf(name, 'quiz')
  return quizSchema.parse({ key, title: name, draw, shuffle, questions })
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
