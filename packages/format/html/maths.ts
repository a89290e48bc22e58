import type { Root } from 'hast'
import katex from 'katex'
import type { PageReport } from '../report.ts'
import { property, rebuild } from './nodes.ts'

const longest = 20_000

/** A browser breaks no line within a formula: from this length on, one in the text may be wider than a phone. */
const longInText = 24

/** What may be wider than a phone scrolls by itself, and the keyboard can reach it. */
function scrolling(mathml: string, kind: string, tex: string): string {
  if (kind === 'display') return `<span class="ln-formula" tabindex="0">${mathml}</span>`
  if (tex.length < longInText) return mathml
  return `<span class="ln-formula-in-text" tabindex="0">${mathml}</span>`
}

/** TeX to MathML. What KaTeX cannot read stays as the author wrote it. */
export function renderMaths(root: Root, report: PageReport): void {
  root.children = rebuild(root.children, (node, line) => {
    const kind = node.tagName === 'code' ? property(node, 'dataMaths') : null
    if (kind === null) return [node]
    delete node.properties.dataMaths
    const [first] = node.children
    const tex = first?.type === 'text' ? first.value : ''
    try {
      if (tex.length > longest) throw new katex.ParseError('it is too long')
      const value = katex
        .renderToString(tex, {
          output: 'mathml',
          displayMode: kind === 'display',
          throwOnError: true,
          strict: 'ignore',
          trust: false,
          maxExpand: 500,
          maxSize: 50,
        })
        // a style sheet policy without inline styles would drop these, and complain
        .replace(/ style="[^"]*"/g, '')
      report.exact(line, 'maths')
      return [{ type: 'raw', value: scrolling(value, kind, tex), text: tex }]
    } catch (error) {
      if (!(error instanceof Error)) throw error
      report.approximated(line, 'maths', `kept as TeX: ${error.message.slice(0, 120)}`)
      return [node]
    }
  })
}
