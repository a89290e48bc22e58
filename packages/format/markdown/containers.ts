import type { Node, Parent } from 'mdast'

/** Any node of the tree with children; custom nodes may stand in every one of them. */
export type Container = Parent

export const isContainer = (node: Node): node is Container =>
  'children' in node && Array.isArray(node.children)

/** The plain text of nodes. */
export function plainText(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (isContainer(node)) return plainText(node.children)
      if (node.type === 'break') return ' '
      if ('alt' in node && typeof node.alt === 'string') return node.alt
      return 'value' in node && typeof node.value === 'string' && node.type !== 'html'
        ? node.value
        : ''
    })
    .join('')
}
