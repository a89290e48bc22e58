import { lineBlock } from './lines.ts'

const border = /^\+(?:[-=:]+\+)+$/

/** Pandoc's grid tables: lines that begin with `+` or `|`, the first of them a border. */
export const gridTable = lineBlock({
  name: 'gridTable',
  lineName: 'gridTableLine',
  open: (line) => (border.test(line) ? 'take' : 'fail'),
  next: (line) => (/^[+|].*[+|]$/.test(line) ? 'take' : 'end'),
  endsAnywhere: true,
  interrupts: () => false,
})

export type GridCell = { text: string; line: number; align: 'left' | 'right' | 'center' | null }
export type Grid = { head: GridCell[][]; body: GridCell[][] }

/**
 * Splits a grid table into cells by the column positions of its first border. Borders between rows
 * must cross every column: cells that span rows or columns give null, and the table is kept as text.
 */
export function readGrid(value: string): Grid | null {
  const lines = value.split('\n').map((line) => line.trim())
  const [first = ''] = lines
  const edges = [...first].flatMap((glyph, at) => (glyph === '+' ? [at] : []))
  if (!border.test(first) || edges.length < 2) return null
  const grid: Grid = { head: [], body: [] }
  let rows: GridCell[][] = []
  let pending: string[] = []
  let start = 1
  let aligns = alignment(first, edges)
  const flush = () => {
    if (pending.length === 0) return
    rows.push(cellsOf(pending, edges, aligns, start))
    pending = []
  }
  for (const [at, line] of lines.entries()) {
    if (border.test(line)) {
      if (at > 0 && !edges.every((edge) => line[edge] === '+')) return null
      // with a head, its border alone says how columns are aligned
      if (line.includes('=')) aligns = alignment(line, edges)
      flush()
      if (line.includes('=')) {
        grid.head.push(...rows)
        rows = []
      }
      start = at + 1
    } else if (line.startsWith('|') && edges.every((edge) => isEdge(line, edge))) {
      if (pending.length === 0) start = at
      pending.push(line)
    } else return null
  }
  flush()
  grid.body.push(...rows)
  return grid
}

const isEdge = (line: string, edge: number) => line[edge] === '|' || line[edge] === '+'

function cellsOf(
  lines: string[],
  edges: number[],
  aligns: GridCell['align'][],
  line: number,
): GridCell[] {
  return edges.slice(0, -1).map((edge, column) => {
    const raw = lines.map((text) => text.slice(edge + 1, edges[column + 1]).trimEnd())
    const indents = raw.filter((text) => text.trim() !== '').map((text) => text.search(/\S/))
    const indent = indents.length > 0 ? Math.min(...indents) : 0
    const text = raw.map((part) => part.slice(indent)).join('\n')
    return { text, line, align: aligns[column] ?? null }
  })
}

function alignment(line: string, edges: number[]): GridCell['align'][] {
  return edges.slice(0, -1).map((edge, column) => {
    const left = line[edge + 1] === ':'
    const right = line[(edges[column + 1] ?? 0) - 1] === ':'
    return left && right ? 'center' : right ? 'right' : left ? 'left' : null
  })
}
