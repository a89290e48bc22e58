/** A metric in an expression, with the labels by which it is matched or grouped. */
export type Use = { metric: string; labels: Set<string> }

const token =
  /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\[[^\]]*\]|[a-zA-Z_:][\w:]*|\d[\w.]*|=~|!~|[!=<>]=|[-+*/%^(){},=<>]|\$\w+/gy
const word = /^[a-zA-Z_:]/
const grouping = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'])
const operators = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan'])

/**
 * Reads PromQL well enough to tell which metrics an expression uses, and which of their labels. The labels of a
 * grouping count for every metric in the brackets beside it.
 * @throws Error at what is no PromQL
 */
export function readPromql(expression: string): Use[] {
  const tokens = tokenise(expression)
  const uses: (Use & { at: number })[] = []
  for (let i = 0; i < tokens.length; i++) {
    const text = tokens[i] ?? ''
    if (grouping.has(text)) {
      i = endOf(tokens, i + 1)
    } else if (word.test(text) && !operators.has(text) && !isCalled(tokens, i)) {
      const end = tokens[i + 1] === '{' ? endOf(tokens, i + 1) : i
      const matched = tokens
        .slice(i + 2, end)
        .filter((part, at, all) => /^[!=]/.test(all[at + 1] ?? '') && word.test(part))
      uses.push({ metric: text, labels: new Set(matched), at: i })
      i = end
    }
  }
  for (const [i, text] of tokens.entries()) {
    if (!grouping.has(text)) continue
    const end = endOf(tokens, i + 1)
    const labels = tokens.slice(i + 2, end).filter((part) => word.test(part))
    const [from, to] = beside(tokens, i, end)
    for (const use of uses) {
      if (use.at > from && use.at < to) for (const label of labels) use.labels.add(label)
    }
  }
  return uses.map(({ metric, labels }) => ({ metric, labels }))
}

function tokenise(expression: string): string[] {
  const found: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < expression.length) {
    const from = token.lastIndex
    const match = token.exec(expression)
    if (!match) throw new Error(`No PromQL at ${from}: ${expression}`)
    if (match[0].trim() !== '') found.push(match[0])
  }
  return found
}

/** A name before a bracket, or before `by`, is a function. */
const isCalled = (tokens: readonly string[], i: number) =>
  tokens[i + 1] === '(' || grouping.has(tokens[i + 1] ?? '')

/** The brackets that a grouping from `start` to `end` speaks of: those after it, else those before. */
function beside(tokens: readonly string[], start: number, end: number): [number, number] {
  if (tokens[end + 1] === '(') return [end + 1, endOf(tokens, end + 1)]
  for (let i = start - 1, depth = 0; tokens[start - 1] === ')' && i >= 0; i--) {
    if (tokens[i] === ')') depth++
    if (tokens[i] === '(' && --depth === 0) return [i, start]
  }
  return [end, end]
}

const closing: Record<string, string> = { '(': ')', '{': '}' }

/** Where the bracket that opens at `start` is closed. @throws Error when it is not */
function endOf(tokens: readonly string[], start: number): number {
  const open = tokens[start] ?? ''
  const close = closing[open]
  for (let i = start, depth = 0; close && i < tokens.length; i++) {
    if (tokens[i] === open) depth++
    if (tokens[i] === close && --depth === 0) return i
  }
  throw new Error(`A bracket is missing: ${tokens.join(' ')}`)
}
