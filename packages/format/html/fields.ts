import type { Element, Root, RootContent } from 'hast'
import type { PageReport } from '../report.ts'
import { h, isBlank, isElement, property, rebuild } from './nodes.ts'
import { plainOf } from './plain.ts'
import { serialise } from './to-html.ts'

export type Field = 'questions' | 'objectives' | 'keypoints'
export type Fields = Record<Field, { html: string; text: string }[]>

const isField = (name: string | null): name is Field =>
  name === 'questions' || name === 'objectives' || name === 'keypoints'

/** Takes questions, objectives and key points out of a page: one entry per list item or paragraph. */
export function takeFields(root: Root, report: PageReport): Fields {
  const fields: Fields = { questions: [], objectives: [], keypoints: [] }
  root.children = rebuild(root.children, (node, line) => {
    const name = property(node, 'dataField')
    if (!isField(name)) return [node]
    for (const child of node.children) {
      if (isBlank(child)) continue
      if (isElement(child, 'ul') || isElement(child, 'ol')) {
        for (const item of child.children)
          if (isElement(item, 'li')) add(fields[name], contentOf(item))
      } else if (isElement(child) && /^h[1-6]$/.test(child.tagName)) {
        report.approximated(line, name, 'its own heading is replaced by the page’s')
      } else add(fields[name], isElement(child, 'p') ? child.children : [child])
    }
    return []
  })
  return fields
}

function add(list: Fields[Field], nodes: RootContent[]): void {
  const html = serialise(nodes).trim()
  if (html !== '') list.push({ html, text: plainOf(nodes).replace(/\s+/g, ' ') })
}

function contentOf(item: Element): RootContent[] {
  const [first, ...more] = item.children.filter((child) => !isBlank(child))
  return isElement(first, 'p') && more.length === 0 ? first.children : item.children
}

/** The first paragraph that says something, without what only works in its page. */
export function openingOf(root: Root): string {
  const first = root.children.find(
    (node) => isElement(node, 'p') && plainOf(node.children).length > 1,
  )
  if (!isElement(first)) return ''
  const copy = structuredClone(first.children)
  const children = rebuild(copy, (node) => {
    delete node.properties.id
    if ('dataFootnoteRef' in node.properties) return []
    if (node.tagName === 'sup' && node.children.length === 0) return []
    return property(node, 'href')?.startsWith('#') ? node.children : [node]
  })
  return serialise([h('p', {}, ...children)])
}
