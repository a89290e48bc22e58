import type { Construct, State } from 'micromark-util-types'
import { parseAttributes } from './attributes.ts'

const limit = 8000

/** `{alt='…' width="60%"}` in a line of text; only what reads as attributes, so `{name}` stays text. */
export const inlineAttributes: Construct = {
  name: 'inlineAttributes',
  tokenize(effects, ok, nok) {
    let text = ''
    let quote = 0
    let escaped = false

    const inside: State = (code) => {
      if (code === null || text.length > limit) return nok(code)
      if (code < -2) {
        if (text !== '') effects.exit('inlineAttributesData')
        text += ' '
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        return lineStart
      }
      if (code === 125 && quote === 0) {
        if (!parseAttributes(text.slice(1))) return nok(code)
        effects.consume(code)
        effects.exit('inlineAttributesData')
        effects.exit('inlineAttributes')
        return ok
      }
      if (code === 123 && quote === 0 && text !== '') return nok(code)
      if (escaped) escaped = false
      else if (code === 92 && quote) escaped = true
      else if (code === quote) quote = 0
      else if (quote === 0 && (code === 34 || code === 39)) quote = code
      text += code < 0 ? ' ' : String.fromCharCode(code)
      effects.consume(code)
      return inside
    }

    const lineStart: State = (code) => {
      if (code === null || code < -2) return nok(code)
      effects.enter('inlineAttributesData')
      return inside(code)
    }

    return (code) => {
      effects.enter('inlineAttributes')
      effects.enter('inlineAttributesData')
      return inside(code)
    }
  },
}
