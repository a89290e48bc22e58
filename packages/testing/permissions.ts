/** A row of docs/permissions.md: what is asked, and what each kind of person is answered, by the column's name. */
export type PermissionRow = { method: 'GET' | 'POST'; path: string; cells: Record<string, string> }

/** The rows of one table of docs/permissions.md. @param table the name at the head of its first column */
export function permissionsOf(document: string, table: string): PermissionRow[] {
  const lines = document.split('\n')
  const head = lines.findIndex((line) => line.startsWith(`| ${table} |`))
  if (head < 0) throw new Error(`docs/permissions.md has no table ${table}`)
  const [, ...columns] = cellsOf(lines[head] ?? '')
  const rows: PermissionRow[] = []
  for (const line of lines.slice(head + 2)) {
    const [asked = '', ...cells] = cellsOf(line)
    const [, method, path] = /^`(GET|POST) ([^`]+)`$/.exec(asked) ?? []
    if (!line.startsWith('|')) break
    if ((method !== 'GET' && method !== 'POST') || !path) {
      throw new Error(`docs/permissions.md: no row of ${table}: ${line}`)
    }
    rows.push({
      method,
      path,
      cells: Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])),
    })
  }
  return rows
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
