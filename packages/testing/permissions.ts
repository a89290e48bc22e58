import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const document = readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8')

/** A row of a table: what is asked, and the answer to each who asks, by the words of the table's head. */
export type Permission = { method: string; path: string; answers: Record<string, string> }

/**
 * The table of docs/permissions.md whose first head is `name` (`accounts`), so that a test can try every row.
 * @throws when there is no such table, or a row that is none
 */
export function readPermissions(name: string): Permission[] {
  const lines = document.split('\n')
  const head = lines.findIndex((line) => line.startsWith(`| ${name} |`))
  if (head < 0) throw new Error(`docs/permissions.md has no table “${name}”`)
  const [, ...who] = cellsOf(lines[head] ?? '')
  const end = lines.findIndex((line, at) => at > head && !line.startsWith('|'))
  return lines.slice(head + 2, end < 0 ? undefined : end).map((line) => {
    const [asked = '', ...cells] = cellsOf(line)
    const [, method, path] = /^`([A-Z]+) (\/[^`]*)`$/.exec(asked) ?? []
    if (!method || !path || cells.length !== who.length) throw new Error(`no permission: ${line}`)
    return {
      method,
      path,
      answers: Object.fromEntries(who.map((one, at) => [one, cells[at] ?? ''])),
    }
  })
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
