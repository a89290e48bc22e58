import type { Element, ElementContent, Root } from 'hast'
import { Names } from '../slugs.ts'
import type { Words } from '../words.ts'
import { h, hasClass, isBlank, isElement, rebuild, text } from './nodes.ts'
import { plainOf } from './plain.ts'

/** Tables scroll by themselves: each in a named region the keyboard can reach. */
export function shapeTables(root: Root, words: Words): void {
  let count = 0
  // two regions of one name could not be told apart
  const names = new Names()
  root.children = rebuild(root.children, (node) => {
    if (node.tagName === 'div' && 'dataCaption' in node.properties) {
      const table = node.children.find(
        (child) => isElement(child, 'section') && hasClass(child, 'ln-table'),
      )
      const words = node.children.find((child) => isElement(child, 'p'))
      const inner = isElement(table) ? table.children[0] : undefined
      if (!isElement(table) || !isElement(inner) || !isElement(words)) return node.children
      inner.children.unshift(h('caption', {}, ...words.children))
      table.properties.ariaLabel = names.take(plainOf(words.children))
      return [table]
    }
    if (node.tagName === 'input') return [text(node.properties.checked ? '☑' : '☐')]
    // A corner with nothing in it heads nothing.
    if (node.tagName === 'th' && plainOf(node.children).trim() === '') node.tagName = 'td'
    if (node.tagName === 'th') node.properties.scope ??= 'col'
    if (node.tagName === 'td' || node.tagName === 'th') return [cell(node)]
    if (node.tagName === 'tbody') for (const row of node.children) scopeRows(row)
    if (node.tagName !== 'table') return [node]
    node.children = node.children.filter((child) => !isEmptyHead(child) && !isBlank(child))
    const named = node.children.find((child) => isElement(child, 'caption'))
    const name = isElement(named) ? plainOf(named.children) : `${words.table} ${++count}`
    return [
      h('section', { className: ['ln-table'], tabIndex: 0, ariaLabel: names.take(name) }, node),
    ]
  })
}

/** A heading among the cells of the body is its row's. */
function scopeRows(row: ElementContent): void {
  if (!isElement(row)) return
  const cells = row.children.filter((child) => isElement(child))
  if (!cells.some((cell) => isElement(cell, 'td'))) return
  for (const cell of cells) if (cell.tagName === 'th') cell.properties.scope = 'row'
}

function cell(node: Element): Element {
  const align = String(node.properties.align ?? '')
  delete node.properties.align
  if (align === 'center') node.properties.className = ['ln-center']
  if (align === 'right') node.properties.className = ['ln-end']
  return node
}

/** Markdown tables must have a head; an empty one means there is none. */
const isEmptyHead = (node: ElementContent): boolean =>
  isElement(node, 'thead') &&
  plainOf(node.children) === '' &&
  !JSON.stringify(node).includes('"img"')
