import type { Element, ElementContent, Root } from 'hast'
import type { PageReport } from '../report.ts'
import type { Words } from '../words.ts'
import { escapeText, keepTrailing } from './escape.ts'
import { highlight, languageName } from './highlight.ts'
import { classesOf, h, isElement, text } from './nodes.ts'

/** Blocks that show what a machine said; they get a caption and no colours. */
const said = new Set(['output', 'error', 'warning', 'source'])

/** Code blocks become captioned figures that scroll by themselves, coloured by classes. */
export async function renderCode(root: Root, report: PageReport, words: Words): Promise<void> {
  const blocks: { figure: Element; code: Element; language: string; line: number }[] = []
  const visit = (parent: Root | Element) => {
    for (const [at, node] of parent.children.entries()) {
      if (!isElement(node)) continue
      const inner = node.children.find((child) => isElement(child, 'code'))
      // an author's own `<pre>` is code without a language
      const code = isElement(node, 'pre') ? (isElement(inner) ? inner : node) : undefined
      if (!code) {
        visit(node)
        continue
      }
      const language = languageOf(code)
      const figure = h('figure', { className: ['ln-code'], dataLanguage: language || 'text' })
      figure.position = node.position
      parent.children.splice(at, 1, figure)
      blocks.push({ figure, code, language, line: node.position?.start.line ?? 1 })
    }
  }
  visit(root)
  for (const { figure, code, language, line } of blocks) {
    const source = sourceOf(code)
    const caption = await captionOf(language, words)
    const coloured =
      said.has(language) || language === '' ? null : await highlight(source, language)
    if (coloured === null && language !== '' && !said.has(language) && caption === language) {
      report.approximated(line, 'code', `no colours are known for “${language.slice(0, 30)}”`)
    }
    const value = keepTrailing(coloured ?? escapeText(source))
    const pre = h('pre', { tabIndex: 0 }, h('code', {}, { type: 'raw', value, text: source }))
    figure.children = caption === '' ? [pre] : [h('figcaption', {}, text(caption)), pre]
  }
}

const languageOf = (code: Element): string =>
  classesOf(code)
    .find((name) => name.startsWith('language-'))
    ?.slice('language-'.length)
    .toLowerCase() ?? ''

/** As written, without the line end before the closing fence. */
function sourceOf(code: Element): string {
  return textIn(code.children).replace(/\n$/, '')
}

const textIn = (nodes: ElementContent[]): string =>
  nodes
    .map((node) =>
      node.type === 'text' ? node.value : isElement(node) ? textIn(node.children) : '',
    )
    .join('')

async function captionOf(language: string, words: Words): Promise<string> {
  if (language === 'output' || language === 'error' || language === 'source') return words[language]
  if (language === 'text' || language === 'plain' || language === 'txt') return ''
  return language === '' ? '' : ((await languageName(language)) ?? language)
}
