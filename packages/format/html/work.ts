import type { Graded, Question, Quiz } from '@colonnade/questions'
import type { Element } from 'hast'
import type { Refuse } from '../errors.ts'
import type { Grading } from '../grading.ts'
import type { PageReport } from '../report.ts'
import { hasClass, isElement, type Parent } from './nodes.ts'
import { plainOf } from './plain.ts'

/** A quiz or an assignment out of a page. */
export type Work = { quiz: Quiz; graded: Graded | null; bank: string | null }

/** What quizzes are read with: questions that several share, and how the course is graded. */
export type WorkSurroundings = {
  /** Null: a bank that is refused itself. */
  banks: ReadonlyMap<string, readonly Question[] | null>
  grading: Grading
}

/** A page while its quizzes are read. */
export type WorkPage = {
  answers: ReadonlyMap<Element, string>
  around: WorkSurroundings
  report: PageReport
  refuse: Refuse
}

/** The first element below with one of the classes. */
export function findWithin(parent: Parent, ...names: string[]): Element | null {
  for (const node of parent.children) {
    if (!isElement(node)) continue
    if (names.some((name) => hasClass(node, name))) return node
    const inner = findWithin(node, ...names)
    if (inner) return inner
  }
  return null
}

/** What the quiz or assignment is called, as an element: one or none. */
export const titleOf = (node: Element): Element[] =>
  node.children.filter((child) => isElement(child)).filter((child) => hasClass(child, 'ln-title'))

/** And as plain text. */
export const nameOf = (node: Element): string =>
  plainOf(titleOf(node).flatMap(({ children }) => children))
    .replace(/\s+/g, ' ')
    .slice(0, 300)
