import type { RootContent } from 'mdast'
import { element, idOf } from './elements.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/** One tab per heading of the first heading's depth; what stands before it has a tab of its own. */
export function tabsElement(
  id: string | null,
  children: RootContent[],
  line: number,
  page: MarkdownPage,
): RootContent {
  const first = children.find((node) => node.type === 'heading')
  const depth = first?.depth ?? 0
  const tabs: { name: RootContent[]; id: string | null; line: number; body: RootContent[] }[] = []
  for (const node of children) {
    if (node.type === 'heading' && node.depth === depth) {
      tabs.push({ name: node.children, id: idOf(node), line: lineOf(node), body: [] })
      continue
    }
    const last = tabs.at(-1)
    if (last) last.body.push(node)
    else {
      page.report.approximated(line, 'tab', 'its first tab has no heading')
      const name: RootContent[] = [{ type: 'text', value: page.words.tab }]
      tabs.push({ name, id: null, line, body: [node] })
    }
  }
  const sections = tabs.map((tab) => {
    const title = element('h4', { className: ['ln-title'] }, tab.name, tab.line)
    const named = tab.id === null ? {} : { id: tab.id }
    return element('section', { ...named, className: ['ln-tab'] }, [title, ...tab.body], tab.line)
  })
  const named = id === null ? {} : { id }
  return element('section', { ...named, className: ['ln-tabs'] }, sections, line)
}
