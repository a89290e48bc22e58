import type {
  Code,
  Construct,
  Effects,
  State,
  TokenizeContext,
  TokenType,
} from 'micromark-util-types'

/** What the next line means to a block of whole lines. */
export type Step = 'take' | 'last' | 'end' | 'fail'

export type LineBlock = {
  name: TokenType
  lineName: TokenType
  /** Whether a line, without its indentation, begins the block. 'last': it is the whole block. */
  open(line: string): 'take' | 'last' | 'fail'
  /** What a following line does; 'end' leaves it to the next block, 'fail' undoes the block. */
  next?(line: string, lines: string[]): Step
  /** Whether the end of the container ends the block soundly. */
  endsAnywhere: boolean
  /** Whether such a first line may break a paragraph off. */
  interrupts(line: string): boolean
}

const isEol = (code: Code) => code === null || code < -2
const glyph = (code: Code) =>
  code === null ? '' : code === -2 ? '\t' : code === -1 ? '' : String.fromCharCode(code)

/**
 * A micromark flow construct made of whole lines: fences, attribute lines, grid tables and display
 * maths all are. Lines arrive without the prefixes of the lists and quotes around them.
 */
export function lineBlock(block: LineBlock): Construct {
  return { name: block.name, concrete: Boolean(block.next), tokenize }

  function tokenize(this: TokenizeContext, effects: Effects, ok: State, nok: State): State {
    const self = this
    const lines: string[] = []
    let text = ''
    let step: Step = 'take'

    const readLine = (then: State): State => {
      text = ''
      const inside: State = (code) => {
        if (isEol(code)) {
          if (text !== '') effects.exit(block.lineName)
          return then(code)
        }
        if (text === '') effects.enter(block.lineName)
        text += glyph(code) || ' '
        effects.consume(code)
        return inside
      }
      return inside
    }

    const finish: State = (code) => {
      effects.exit(block.name)
      return ok(code)
    }

    const afterOpening: State = (code) => {
      const opened = block.open(text.trim())
      if (opened === 'fail' || (self.interrupt && !block.interrupts(text.trim()))) return nok(code)
      lines.push(text)
      if (opened === 'last' || self.interrupt) return finish(code)
      return more(code)
    }

    const more: State = (code) => {
      if (step === 'last') return finish(code)
      if (code === null) return block.endsAnywhere ? finish(code) : nok(code)
      return effects.attempt(following, more, notMore)(code)
    }

    const notMore: State = (code) =>
      step === 'fail' || !block.endsAnywhere ? nok(code) : finish(code)

    const following: Construct = {
      partial: true,
      tokenize(innerEffects, innerOk, innerNok) {
        const afterLine: State = (code) => {
          step = block.next ? block.next(text.trim(), lines) : 'end'
          if (step === 'end' || step === 'fail') return innerNok(code)
          lines.push(text)
          return innerOk(code)
        }
        const lineStart: State = (code) => {
          if (self.parser.lazy[self.now().line]) {
            step = 'end'
            return innerNok(code)
          }
          return readLine(afterLine)(code)
        }
        return (code) => {
          if (code === null) return innerNok(code)
          innerEffects.enter('lineEnding')
          innerEffects.consume(code)
          innerEffects.exit('lineEnding')
          return lineStart
        }
      },
    }

    return (code) => {
      effects.enter(block.name)
      return readLine(afterOpening)(code)
    }
  }
}
