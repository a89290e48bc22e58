import type { Question } from '@colonnade/questions'
import type { Element, Root } from 'hast'
import { CourseError, type Refuse } from '../errors.ts'
import { attempt, type PageReport } from '../report.ts'
import { readAssignment } from './assignments.ts'
import { hasClass, isElement, type Parent, rebuild } from './nodes.ts'
import { readQuestion } from './questions.ts'
import { readQuiz, refuseTwice } from './quiz.ts'
import { findWithin, titleOf, type Work, type WorkPage, type WorkSurroundings } from './work.ts'

/**
 * Takes the quizzes and assignments out of a page, answers and all. What stays is a box with the title, into which the
 * page that shows it puts the questions, or the way to them. One that cannot be asked is refused.
 */
export function takeQuizzes(
  root: Root,
  file: string,
  answers: ReadonlyMap<Element, string>,
  around: WorkSurroundings,
  report: PageReport,
): Work[] {
  const page: WorkPage = { answers, around, report, refuse: refuseIn(file) }
  const found: Work[] = []
  root.children = rebuild(root.children, (node, line) => {
    const kind = (['ln-quiz', 'ln-assignment'] as const).find((name) => hasClass(node, name))
    if (kind === undefined) return [node]
    const read = kind === 'ln-quiz' ? readQuiz : readAssignment
    const work = attempt(report, () => read(node, line, page))
    if (!work) return []
    found.push(work)
    const id = work.quiz.key
    return [{ ...node, properties: { className: [kind], id }, children: titleOf(node) }]
  })
  const stray = findWithin(root, 'ln-question')
  if (stray) {
    attempt(report, () =>
      page.refuse(
        stray.position?.start.line ?? 1,
        'A question stands outside a quiz.',
        'Put “::: quiz” before it and “:::” after it.',
      ),
    )
  }
  return found
}

/** The questions of a page of a bank, which holds nothing else. */
export function takeQuestions(
  root: Root,
  file: string,
  answers: ReadonlyMap<Element, string>,
  report: PageReport,
): Question[] {
  const refuse = refuseIn(file)
  const questions = root.children.flatMap((node) => {
    if (!isElement(node)) return []
    const line = node.position?.start.line ?? 1
    if (hasClass(node, 'ln-question')) {
      return attempt(report, () => readQuestion(node, line, answers, refuse)) ?? []
    }
    report.dropped(line, 'text in a bank', 'only its questions are asked')
    return []
  })
  attempt(report, () => refuseTwice(questions, 1, refuse))
  return questions
}

const refuseIn =
  (file: string): Refuse =>
  (line, problem, mend) => {
    throw new CourseError({ file, line }, problem, mend)
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
        const texts = code.children.map((one) => (one.type === 'text' ? one.value : ''))
        found.set(question, texts.join(''))
        parent.children.splice(at, 1)
        continue
      }
      visit(node, hasClass(node, 'ln-question') ? node : question)
    }
  }
  visit(root, null)
  return found
}
