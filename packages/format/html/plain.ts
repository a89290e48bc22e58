import type { RootContent } from 'hast'
import { isElement } from './nodes.ts'

const flow =
  /^(p|div|section|aside|h[1-6]|li|ul|ol|dl|dt|dd|pre|table|tr|td|th|caption|blockquote|figure|figcaption|details|summary|br|hr)$/

function pieces(nodes: RootContent[]): string {
  return nodes
    .map((node) => {
      if (node.type === 'text') return node.value
      if (node.type === 'raw') return node.text
      if (!isElement(node)) return ''
      if (node.tagName === 'img') return ` ${String(node.properties.alt ?? '')} `
      const inner = pieces(node.children)
      return flow.test(node.tagName) ? `\n${inner}\n` : inner
    })
    .join('')
}

/** What a reader would read, as plain text for search and excerpts; blocks end lines. */
export function plainOf(nodes: RootContent[]): string {
  return pieces(nodes)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\s]*/g, '\n')
    .trim()
}
