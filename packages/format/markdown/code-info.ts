import type { Code, RootContent } from 'mdast'
import { parseAttributes } from './attributes.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/** Brings every way of naming a code block's language into one; drops chunks meant to be hidden. */
export function readCodeInfo(
  children: RootContent[],
  page: MarkdownPage,
  isIndented: (node: Code) => boolean,
): RootContent[] {
  return children.filter((node) => {
    if (page.rmd && node.type === 'inlineCode' && /^r\s/.test(node.value)) {
      page.report.approximated(lineOf(node), 'inline R', 'shown as code; nothing is computed')
    }
    return node.type !== 'code' || keep(node, page, isIndented(node))
  })
}

function keep(node: Code, page: MarkdownPage, indented: boolean): boolean {
  const line = lineOf(node)
  const info = [node.lang, node.meta].filter(Boolean).join(' ')
  const chunk = /^\{\s*([A-Za-z]\w*)\s*[,\s]?([^}]*)\}?$/.exec(info)
  if (chunk) {
    const [, engine = '', given = ''] = chunk
    // options may also stand in comments at the chunk's head
    const comments = /^(?:#\|.*(?:\n|$))*/.exec(node.value)?.[0] ?? ''
    const options = `${given} ${comments}`
    node.value = node.value.slice(comments.length)
    node.lang = engine.toLowerCase()
    node.meta = null
    if (/\b(?:include|echo)\s*[=:]\s*f/i.test(options)) {
      page.report.dropped(
        line,
        'code chunk',
        'it is hidden from readers, and its result is not computed',
      )
      return false
    }
    page.report.approximated(line, 'code chunk', 'shown as code; chunks are not run on import')
    return true
  }
  const attributes = info.startsWith('{') ? parseAttributes(info.replace(/^\{|\}$/g, '')) : null
  if (attributes) {
    node.lang = attributes.classes[0] ?? null
    node.meta = null
  } else if (node.meta) {
    page.report.approximated(line, 'code options', `without effect: ${node.meta}`)
    node.meta = null
  }
  if (node.lang) node.lang = node.lang.toLowerCase()
  if (indented && /^:{3,}\s*\S*\s*$/m.test(node.value)) {
    page.report.approximated(line, 'code', 'it holds a div fence: indented too far to be a div?')
  }
  return true
}
