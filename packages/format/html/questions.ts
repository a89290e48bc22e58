import type { Question } from '@colonnade/questions'
import type { Element, ElementContent } from 'hast'
import type { Refuse } from '../errors.ts'
import { readEssay } from './essays.ts'
import { readExpected } from './expected.ts'
import { keyOf } from './key-of.ts'
import { hasClass, isBlank, isElement, property } from './nodes.ts'
import { serialise } from './to-html.ts'

const types = ['multiple', 'essay']

/** Reads a question: its last list, its definitions or its `answer` block say of which type it is. */
export function readQuestion(
  node: Element,
  quizLine: number,
  answers: ReadonlyMap<Element, string>,
  refuse: Refuse,
): Question {
  const line = node.position?.start.line ?? quizLine
  const { rest, explanation } = splitSolution(node.children)
  const expected = answers.get(node)
  const type = property(node, 'dataType')
  if (type !== null && !types.includes(type)) {
    refuse(line, `type="${type}" cannot be.`, `Leave it out, or choose ${types.join(' or ')}.`)
  }
  if (type === 'essay') {
    if (expected !== undefined) {
      refuse(line, 'An essay has no expected answers.', 'Take out the block, or type="essay".')
    }
    const essay = readEssay(node, rest, line, refuse)
    return { key: property(node, 'id') ?? keyOf(essay.html), explanation, ...essay }
  }
  const last = rest.at(-1)
  const list =
    expected === undefined && isElement(last) && /^(ul|ol|dl)$/.test(last.tagName)
      ? last
      : undefined
  const html = serialise(list ? rest.slice(0, -1) : rest).trim()
  if (html === '') refuse(line, 'The question asks nothing.', 'Write it above its answers.')
  const base = {
    key: property(node, 'id') ?? keyOf(html),
    html,
    points: pointsOf(node, line, refuse),
    explanation,
  }
  if (expected !== undefined) return { ...base, ...readExpected(expected, line, refuse) }
  const answer = list ? answerIn(list, type, refuse, line) : null
  if (answer) return { ...base, ...answer }
  return refuse(
    line,
    'The question has no answers.',
    'End it with a list of “- [ ] wrong” and “- [x] right”, a numbered list, definitions, or a block ```answer; or let a teacher read it: type="essay".',
  )
}

/** What is asked, and what is shown when it has been answered. */
export function splitSolution(children: readonly ElementContent[]): {
  rest: ElementContent[]
  explanation: string
} {
  const parts = children.filter((child) => !isBlank(child))
  const solution = parts.find(isSolution)
  const explanation = isElement(solution)
    ? serialise(solution.children.filter((child) => !isElement(child, 'summary'))).trim()
    : ''
  return { rest: parts.filter((child) => child !== solution), explanation }
}

const isSolution = (child: ElementContent): child is Element =>
  isElement(child, 'details') && hasClass(child, 'ln-solution') && !hasClass(child, 'ln-hint')

function pointsOf(node: Element, line: number, refuse: Refuse): number {
  const given = property(node, 'dataPoints') ?? '1'
  const points = Number(given)
  if (points > 0 && points <= 1000) return points
  return refuse(line, `points="${given}" cannot be.`, 'Choose a number above 0 and up to 1000.')
}

function answerIn(list: Element, type: string | null, refuse: Refuse, line: number) {
  const at = list.position?.start.line ?? line
  if (list.tagName === 'ul') return readOptions(list, type, refuse, at)
  if (list.tagName === 'dl') return readPairs(list, refuse, at)
  if (list.tagName !== 'ol') return null
  const steps = list.children.filter((child) => isElement(child, 'li')).map(stepOf)
  if (steps.length < 2) refuse(at, 'One step is no order.', 'Write at least two.')
  refuseTwice(steps, refuse, at)
  return { type: 'ordering' as const, steps }
}

const stepOf = (node: ElementContent) => {
  const html = isElement(node) ? serialise(unwrapped(node)).trim() : ''
  return { key: keyOf(html), html }
}

/** An entry of one paragraph is what that paragraph holds. */
function unwrapped(node: Element): ElementContent[] {
  const parts = node.children.filter((child) => !isBlank(child))
  const [only] = parts
  return parts.length === 1 && isElement(only, 'p') ? only.children : parts
}

function readOptions(list: Element, type: string | null, refuse: Refuse, line: number) {
  const options = list.children.flatMap((item) => {
    if (!isElement(item, 'li')) return []
    const box = takeBox(item)
    const at = item.position?.start.line ?? line
    if (!box)
      return refuse(
        at,
        'An answer is not marked.',
        'Begin it with “[x]” when it is right, else with “[ ]”.',
      )
    const said = item.children.find((child) => isElement(child, 'blockquote'))
    item.children = item.children.filter((child) => child !== said)
    const explanation = isElement(said) ? serialise(said.children).trim() : ''
    return [{ ...stepOf(item), right: box === '☑', explanation }]
  })
  const right = options.filter((option) => option.right).length
  if (options.length < 2) refuse(line, 'One answer is no choice.', 'Write at least two.')
  if (right === 0) refuse(line, 'No answer is right.', 'Mark one with “[x]”.')
  refuseTwice(options, refuse, line)
  return {
    type: right > 1 || type === 'multiple' ? ('multiple' as const) : ('single' as const),
    options,
  }
}

/** Takes the box (☑ or ☐: pages have no controls) from the beginning of an entry; null where there is none. */
function takeBox(item: Element): '☑' | '☐' | null {
  const first = item.children.find((child) => !isBlank(child))
  if (isElement(first, 'p')) return takeBox(first)
  if (first?.type !== 'text') return null
  const words = first.value.trimStart()
  const box = (['☑', '☐'] as const).find((one) => words.startsWith(one)) ?? null
  if (box) first.value = words.slice(box.length).trimStart()
  return box
}

function readPairs(list: Element, refuse: Refuse, line: number) {
  const parts = list.children.filter((child) => isElement(child))
  const pairs = parts.flatMap((term, at) => {
    if (term.tagName !== 'dt') return []
    const match = parts[at + 1]
    if (match?.tagName !== 'dd' || parts[at + 2]?.tagName === 'dd') {
      return refuse(
        term.position?.start.line ?? line,
        'A term has not exactly one match.',
        'Write one line that begins with “:” under it.',
      )
    }
    return [{ ...stepOf(term), match: stepOf(match) }]
  })
  if (pairs.length < 2) refuse(line, 'One pair is nothing to match.', 'Write at least two.')
  refuseTwice(pairs, refuse, line)
  return { type: 'matching' as const, pairs }
}

function refuseTwice(entries: readonly { key: string }[], refuse: Refuse, line: number): void {
  const keys = entries.map(({ key }) => key)
  if (new Set(keys).size < keys.length) {
    refuse(line, 'Two of the answers are the same.', 'Reword or remove one.')
  }
}
