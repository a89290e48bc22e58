import type { RootContent } from 'mdast'
import type { Attributes } from './attributes.ts'
import { readFence } from './fences.ts'
import { divElement } from './kinds.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

type Open = { attributes: Attributes; line: number; children: RootContent[] }

const deepest = 24

/**
 * Pairs the fences among the children of one container and puts what lies between them into divs.
 * A closing fence closes the innermost div whatever its number of colons, as in Pandoc. What is left
 * open ends with its container; what closes nothing is dropped; both are reported.
 */
export function pairFences(children: RootContent[], page: MarkdownPage): RootContent[] {
  const top: RootContent[] = []
  const open: Open[] = []
  const put = (nodes: RootContent[]) => (open.at(-1)?.children ?? top).push(...nodes)
  const close = () => {
    const div = open.pop()
    if (div) put(divElement(div.attributes, div.children, div.line, page))
  }
  for (const node of children) {
    if (node.type !== 'divFence') {
      put([node])
      continue
    }
    const fence = readFence(node.value)
    const line = lineOf(node)
    if (!fence) continue
    if (fence.closes) {
      if (open.length === 0) page.report.dropped(line, 'closing fence', 'it closes no div')
      close()
    } else if (open.length >= deepest) {
      page.report.dropped(line, 'fenced div', `divs are nested more than ${deepest} deep`)
    } else {
      if (fence.loose) {
        page.report.approximated(
          line,
          'fenced div',
          'the words after its kind were taken for its title',
        )
      }
      open.push({ attributes: fence.attributes, line, children: [] })
    }
  }
  for (const { line, attributes } of open) {
    const kind = attributes.classes[0] ?? 'div'
    page.report.approximated(line, kind, 'its fence is never closed; it ends with what contains it')
  }
  while (open.length > 0) close()
  return top
}
