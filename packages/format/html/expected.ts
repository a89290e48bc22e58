import { readNumber } from '@colonnade/questions'
import type { Refuse } from '../errors.ts'
import { escapeText } from './escape.ts'

const longest = 200
const mend =
  'One answer a line: “0.25 ± 0.01 m” or “left * join”; “[ ] …” for a wrong one, its explanation indented below.'

/**
 * Reads an `answer` block. Each line is an answer, right unless `[ ]` stands before it; indented lines below explain
 * it. When all are numbers the question is numeric, else a text whose `*` stands for anything.
 */
export function readExpected(block: string, line: number, refuse: Refuse) {
  const answers: { words: string; right: boolean; explanation: string }[] = []
  for (const row of block.split('\n').filter((one) => one.trim() !== '')) {
    const last = answers.at(-1)
    const [, box = '[x]', words = ''] = /^(\[[ xX]\])?\s*(.*)$/.exec(row.trim()) ?? []
    if (/^\s/.test(row) && last) {
      last.explanation = `${last.explanation} ${escapeText(row.trim())}`.trim()
    } else if (words === '' || words.length > longest) {
      refuse(line, `An answer is empty or longer than ${longest} letters.`, mend)
    } else answers.push({ words, right: box !== '[ ]', explanation: '' })
  }
  if (!answers.some(({ right }) => right)) refuse(line, 'No answer is right.', mend)
  const numbers = answers.map(({ words }) => numberIn(words))
  if (numbers.every((one) => one !== null)) {
    return {
      type: 'numeric' as const,
      answers: answers.flatMap(({ right, explanation }, at) => {
        const number = numbers[at]
        return number ? [{ ...number, right, explanation }] : []
      }),
    }
  }
  return {
    type: 'text' as const,
    answers: answers.map(({ words, right, explanation }) => ({
      pattern: words,
      right,
      explanation,
    })),
  }
}

/** `0.25 ± 0.01 m`: authors write a decimal point, or none where it would be in doubt. */
function numberIn(words: string): { value: number; tolerance: number; unit: string } | null {
  const [head = '', tail] = words.split(/\s*(?:±|\+\/-|\+-)\s*/)
  const value = readNumber(head)
  const within = tail === undefined ? { values: [0], unit: value.unit } : readNumber(tail)
  const [number] = value.values
  const [tolerance] = within.values
  if (number === undefined || tolerance === undefined || tolerance < 0) return null
  if (tail !== undefined && value.unit !== '') return null
  const { unit } = within
  return /^[^\d*]{0,20}$/.test(unit) ? { value: number, tolerance, unit } : null
}
