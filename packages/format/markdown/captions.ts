import type { Paragraph, PhrasingContent, RootContent } from 'mdast'
import { plainText } from './containers.ts'
import { element } from './elements.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

const marker = /^(?:[Tt]able)?:\s+/

/** Pandoc's `: caption` line before or after a table; it goes into the table later, as HTML. */
export function readCaptions(children: RootContent[], page: MarkdownPage): RootContent[] {
  const captions = new Map<RootContent, PhrasingContent[]>()
  const taken = new Set<RootContent>()
  for (const [at, node] of children.entries()) {
    if (!isTable(node)) continue
    const around = [children[at + 1], children[at - 1]]
    const text = around.find((near) => near && !taken.has(near) && isCaption(near))
    if (text?.type !== 'paragraph') continue
    const [first, ...rest] = text.children
    if (first?.type !== 'text') continue
    taken.add(text)
    captions.set(node, [{ ...first, value: first.value.replace(marker, '') }, ...rest])
    page.report.exact(lineOf(text), 'table caption')
  }
  return children.flatMap((node) => {
    if (taken.has(node)) return []
    const words = captions.get(node)
    if (!words) return [node]
    const line = lineOf(node)
    return [element('div', { dataCaption: '' }, [element('p', {}, words, line), node], line)]
  })
}

const isTable = (node: RootContent) =>
  node.type === 'table' || (node.type === 'wrapped' && node.data.hName === 'table')

const isCaption = (node: RootContent): node is Paragraph =>
  node.type === 'paragraph' && marker.test(plainText(node.children))
