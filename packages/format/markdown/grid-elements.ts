import type { RootContent } from 'mdast'
import { element } from './elements.ts'
import { type GridCell, readGrid } from './grid-tables.ts'
import type { GridTable } from './nodes.ts'
import type { MarkdownPage } from './page.ts'
import { lineOf } from './positions.ts'

/** A grid table as a table whose cells are Markdown; as preformatted text when it cannot be read. */
export function gridElement(
  node: GridTable,
  page: MarkdownPage,
  parse: (text: string, line: number) => RootContent[],
): RootContent {
  const line = lineOf(node)
  const grid = readGrid(node.value)
  if (!grid) {
    page.report.approximated(line, 'grid table', 'cells that span rows or columns: kept as text')
    return { type: 'code', value: node.value, position: node.position }
  }
  page.report.exact(line, 'grid table')
  const cell = (name: string) => (part: GridCell) => {
    const [first, ...more] = parse(part.text, line + part.line)
    const inner = first?.type === 'paragraph' && more.length === 0 ? first.children : null
    const children = inner ?? (first ? [first, ...more] : [])
    const align = part.align === null ? {} : { align: part.align }
    return element(name, align, children, line + part.line)
  }
  const rows = (cells: GridCell[][], name: string) =>
    cells.map((row) => element('tr', {}, row.map(cell(name)), line))
  const parts = []
  if (grid.head.length > 0) parts.push(element('thead', {}, rows(grid.head, 'th'), line))
  if (grid.body.length > 0) parts.push(element('tbody', {}, rows(grid.body, 'td'), line))
  return element('table', {}, parts, line)
}
