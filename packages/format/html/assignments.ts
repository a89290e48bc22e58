import { quiz as quizSchema } from '@colonnade/questions'
import type { Element } from 'hast'
import { slugOf } from '../slugs.ts'
import { readEssay } from './essays.ts'
import { readGraded } from './graded.ts'
import { isElement, property } from './nodes.ts'
import { splitSolution } from './questions.ts'
import { findWithin, nameOf, titleOf, type Work, type WorkPage } from './work.ts'

/** An assignment is a quiz of one essay, which always counts. */
export function readAssignment(node: Element, line: number, { around, refuse }: WorkPage): Work {
  const inner = findWithin(node, 'ln-quiz', 'ln-assignment', 'ln-question')
  if (inner) {
    refuse(
      inner.position?.start.line ?? line,
      'An assignment is one task, without quizzes and questions.',
      'Write it as text; or make it a quiz whose questions are essays.',
    )
  }
  const title = titleOf(node)
  const { rest, explanation } = splitSolution(node.children)
  const task = rest.filter((child) => !isElement(child) || !title.includes(child))
  const graded = readGraded(node, line, around.grading, refuse, 'assignments')
  const question = { key: 'task', explanation, ...readEssay(node, task, line, refuse) }
  const name = nameOf(node)
  const key = property(node, 'id') ?? slugOf(name, 'assignment')
  const quiz = { key, title: name, draw: null, shuffle: false, questions: [question] }
  return { quiz: quizSchema.parse(quiz), graded, bank: null }
}
