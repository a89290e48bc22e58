import type { Code, Construct, State } from 'micromark-util-types'
import { lineBlock } from './lines.ts'

const environment = /^\\begin\{(align|aligned|equation|gather|multline|eqnarray|alignat)\*?\}/

const closers = [
  { opens: /^\$\$/, closes: /[^\\]?\$\$\s*$/ },
  { opens: /^\\\\\[/, closes: /\\\\\]\s*$/ },
  { opens: environment, closes: /\\end\{[a-z]+\*?\}\s*$/ },
] as const

const kindOf = (line: string) => closers.find(({ opens }) => opens.test(line))

/** Displayed TeX that begins a line: `$$ … $$`, `\\[ … \\]` or `\begin{align} … \end{align}`. */
export const mathsBlock = lineBlock({
  name: 'mathsBlock',
  lineName: 'mathsBlockLine',
  open(line) {
    const kind = kindOf(line)
    if (!kind) return 'fail'
    const rest = kind.opens === environment ? line : line.replace(kind.opens, '')
    if (!kind.closes.test(rest)) return rest.includes('$$') ? 'fail' : 'take'
    // `$$a$$ and $$b$$` is a sentence, not a display
    return line.startsWith('$$') && rest.replace(/\$\$\s*$/, '').includes('$$') ? 'fail' : 'last'
  },
  next(line, lines) {
    if (line === '') return 'fail'
    const kind = kindOf(lines[0]?.trim() ?? '')
    return kind?.closes.test(line) ? 'last' : 'take'
  },
  endsAnywhere: false,
  interrupts: (line) => line === '$$' || line === '\\\\[' || environment.test(line),
})

/** The TeX between the delimiters of a block. */
export function displayedTex(value: string): string {
  const text = value.trim()
  if (environment.test(text)) return text
  return text
    .replace(/^(\$\$|\\\\\[)/, '')
    .replace(/(\$\$|\\\\\])$/, '')
    .trim()
}

const dollar = 36
const backslash = 92
const isSpace = (code: Code) => code === null || code < 0 || code === 32
const isDigit = (code: Code) => code !== null && code >= 48 && code <= 57

/**
 * Pandoc's rule for `$…$`: no space inside next to a dollar, and no digit after the last one, so that
 * "$5 and $10" stays money. `$$…$$` inside a line has no such rule.
 */
export const dollarMaths: Construct = {
  name: 'mathsText',
  previous: (code) => code !== dollar,
  tokenize(effects, ok, nok) {
    let size = 0
    let closing = 0
    let last: Code = null
    let empty = true

    const open: State = (code) => {
      if (code === dollar && size < 2) {
        size++
        effects.consume(code)
        return open
      }
      if (code === dollar || (size === 1 && isSpace(code))) return nok(code)
      return inside(code)
    }

    const inside: State = (code) => {
      if (code === null) return nok(code)
      if (code < -2) {
        effects.exit('mathsTextData')
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        last = code
        return lineStart
      }
      if (code === dollar && last !== backslash) {
        if (size === 1 && (isSpace(last) || empty)) return nok(code)
        closing = 0
        return close(code)
      }
      last = last === backslash && code === backslash ? null : code
      empty = false
      effects.consume(code)
      return inside
    }

    const close: State = (code) => {
      if (code === dollar && closing < size) {
        closing++
        effects.consume(code)
        return close
      }
      if (closing < size || code === dollar || empty) return nok(code)
      if (size === 1 && isDigit(code)) return nok(code)
      effects.exit('mathsTextData')
      effects.exit('mathsText')
      return ok(code)
    }

    const lineStart: State = (code) => {
      if (code === null || code < -2) return nok(code)
      effects.enter('mathsTextData')
      return inside(code)
    }

    return (code) => {
      effects.enter('mathsText')
      effects.enter('mathsTextData')
      return open(code)
    }
  },
}

const pairs = new Map([
  [40, 41],
  [91, 93],
])

/** `\\(…\\)` and `\\[…\\]` inside a paragraph. */
export const backslashMaths: Construct = {
  name: 'mathsText',
  tokenize(effects, ok, nok) {
    let seen = 0
    let closer: number | undefined
    let slashes = 0

    const open: State = (code) => {
      if (seen < 2 && code === backslash) {
        seen++
        effects.consume(code)
        return open
      }
      closer = code === null ? undefined : pairs.get(code)
      if (seen < 2 || closer === undefined) return nok(code)
      effects.consume(code)
      return inside
    }

    const inside: State = (code) => {
      if (code === null) return nok(code)
      if (code < -2) {
        effects.exit('mathsTextData')
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        slashes = 0
        return lineStart
      }
      const closes = code === closer && slashes >= 2
      slashes = code === backslash ? slashes + 1 : 0
      effects.consume(code)
      return closes ? done : inside
    }

    const done: State = (code) => {
      effects.exit('mathsTextData')
      effects.exit('mathsText')
      return ok(code)
    }

    const lineStart: State = (code) => {
      if (code === null || code < -2) return nok(code)
      effects.enter('mathsTextData')
      return inside(code)
    }

    return (code) => {
      effects.enter('mathsText')
      effects.enter('mathsTextData')
      return open(code)
    }
  },
}

/** The TeX of inline maths, and whether it asks to be displayed. */
export function inlineTex(raw: string): { tex: string; display: boolean } {
  const double = raw.startsWith('$$') || raw.startsWith('\\\\[')
  const cut = raw.startsWith('$$') ? 2 : raw.startsWith('$') ? 1 : 3
  return { tex: raw.slice(cut, -cut).trim(), display: double }
}
