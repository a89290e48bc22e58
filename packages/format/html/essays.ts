import type { Question } from '@colonnade/questions'
import type { Element, ElementContent } from 'hast'
import type { Refuse } from '../errors.ts'
import { isYes } from './graded.ts'
import { keyOf } from './key-of.ts'
import { h, isBlank, isElement, property } from './nodes.ts'
import { serialise } from './to-html.ts'

type Rubric = Extract<Question, { type: 'essay' }>['rubric']

const usualPoints = 10

/**
 * Reads what a teacher marks. When each entry of its last list, or each term of its last definitions, ends with points
 * in brackets, that is its rubric.
 * @param rest what the question holds, without its title and solution
 */
export function readEssay(
  node: Element,
  rest: readonly ElementContent[],
  line: number,
  refuse: Refuse,
): { html: string; points: number; type: 'essay'; files: boolean; rubric: Rubric } {
  const last = rest.at(-1)
  const rubric = isElement(last) ? readRubric(last, line, refuse) : []
  const html = serialise(rubric.length > 0 ? rest.slice(0, -1) : [...rest]).trim()
  if (html === '') refuse(line, 'The task says nothing.', 'Write what is to be done.')
  const files = isYes(node, 'files', line, refuse)
  return { html, points: pointsOf(node, rubric, line, refuse), type: 'essay', files, rubric }
}

function readRubric(list: Element, line: number, refuse: Refuse): Rubric {
  const at = list.position?.start.line ?? line
  const parts = list.children.filter((child) => isElement(child))
  const heads = parts.filter(({ tagName }) => tagName === 'li' || tagName === 'dt')
  const points = heads.map(takePoints)
  if (!/^(ul|ol|dl)$/.test(list.tagName) || points.every((one) => one === null)) return []
  const rubric = heads.map((head, index) => {
    const worth = points[index]
    const own = head.position?.start.line ?? at
    if (worth === null || worth === undefined || worth <= 0 || worth > 1000) {
      return refuse(
        own,
        'A line of the rubric has no points.',
        'End each with them in brackets, as in “Names its source (3 points)”.',
      )
    }
    const html = head.tagName === 'li' ? serialise(head.children) : definition(head, parts)
    return { key: keyOf(html), html: html.trim(), points: worth }
  })
  if (new Set(rubric.map(({ key }) => key)).size < rubric.length) {
    refuse(at, 'Two lines of the rubric are the same.', 'Reword or remove one.')
  }
  return rubric
}

function definition(term: Element, parts: readonly Element[]): string {
  const after = parts.slice(parts.indexOf(term) + 1)
  const end = after.findIndex(({ tagName }) => tagName === 'dt')
  const said = after.slice(0, end < 0 ? undefined : end).flatMap(({ children }) => children)
  return serialise([h('p', {}, h('strong', {}, ...term.children)), ...said])
}

/** Takes `(3 points)`, in whatever language, from the end of an entry's first paragraph. */
function takePoints(entry: Element): number | null {
  const paragraph = entry.children.find((child) => isElement(child, 'p'))
  const last = (isElement(paragraph) ? paragraph : entry).children.findLast(
    (child) => !isBlank(child),
  )
  if (last?.type !== 'text') return null
  const found = /\s*\(\s*(\d{1,4}(?:[.,]\d{1,2})?)(?:\s+\p{L}+\.?)?\s*\)\s*$/u.exec(last.value)
  if (!found) return null
  last.value = last.value.slice(0, found.index)
  return Number(found[1]?.replace(',', '.'))
}

function pointsOf(node: Element, rubric: Rubric, line: number, refuse: Refuse): number {
  const given = property(node, 'dataPoints')
  const sum = Math.round(rubric.reduce((total, { points }) => total + points, 0) * 100) / 100
  const points = given === null ? (rubric.length > 0 ? sum : usualPoints) : Number(given)
  if (!(points > 0 && points <= 1000)) {
    refuse(line, `${points} points cannot be.`, 'Choose a number above 0 and up to 1000.')
  }
  if (rubric.length > 0 && points !== sum) {
    refuse(
      line,
      `points="${given}" is not what the rubric comes to, ${sum}.`,
      'Leave points out, or mend the rubric.',
    )
  }
  return points
}
