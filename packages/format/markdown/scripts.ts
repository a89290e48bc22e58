import type { Construct, State } from 'micromark-util-types'

const inside = /[\p{L}\p{N}+\-−*=,.()]/u
const longest = 30

/**
 * Pandoc's `H~2~O` and `x^2^`: one short word between two marks, so that `~/a` and `^C` stay text.
 */
export function scriptMark(mark: number, name: 'subscript' | 'superscript'): Construct {
  return {
    name,
    previous: (code) => code !== mark,
    tokenize(effects, ok, nok) {
      let size = 0
      const open: State = (code) => {
        effects.enter(name)
        effects.enter('scriptMark')
        effects.consume(code)
        effects.exit('scriptMark')
        return start
      }
      const start: State = (code) => {
        if (code === null || code === mark) return nok(code)
        effects.enter('scriptText')
        return word(code)
      }
      const word: State = (code) => {
        if (code === mark) {
          effects.exit('scriptText')
          effects.enter('scriptMark')
          effects.consume(code)
          effects.exit('scriptMark')
          return end
        }
        if (code === null || code < 0 || size >= longest) return nok(code)
        if (!inside.test(String.fromCharCode(code))) return nok(code)
        size++
        effects.consume(code)
        return word
      }
      const end: State = (code) => {
        if (code === mark) return nok(code)
        effects.exit(name)
        return ok(code)
      }
      return open
    },
  }
}
