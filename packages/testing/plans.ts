import postgres from 'postgres'

/** A node of a query's plan: `Index Only Scan`, with what it reads. */
export type PlanNode = { type: string; table?: string; index?: string }

export type Recorder = {
  sql: postgres.Sql
  /** Every statement that was sent since this was cleared, with the parameters of the last time. */
  sent: Map<string, unknown[]>
}

/** A connection that remembers what is sent on it; it reads big integers as a service's pools do. */
export function recordStatements(url: string): Recorder {
  const sent = new Map<string, unknown[]>()
  const sql = postgres(url, {
    max: 1,
    onnotice: () => {},
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    debug: (_, query, parameters) => sent.set(query, parameters),
  })
  return { sql, sent }
}

/**
 * The nodes of a statement's plan, in no order: of the plan that serves every parameter, the worst that a prepared
 * statement comes to, or of the one for `parameters`, where Postgres keeps planning for each because it is cheaper.
 */
export async function explain(
  sql: postgres.Sql,
  query: string,
  parameters?: readonly (string | null)[],
): Promise<PlanNode[]> {
  const options = parameters ? 'format json' : 'generic_plan, format json'
  const rows = await sql.unsafe(`explain (${options}) ${query}`, parameters && [...parameters])
  return rows.flatMap((row) => nodesIn(row['QUERY PLAN']))
}

/** Nodes stand in lists and under names, at any depth. */
function nodesIn(value: unknown): PlanNode[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(nodesIn)
  const entry = (name: string) => {
    const found: unknown = Reflect.get(value, name)
    return typeof found === 'string' ? found : undefined
  }
  const type = entry('Node Type')
  if (type === undefined) return inner
  const [table, index] = [entry('Relation Name'), entry('Index Name')]
  return [{ type, ...(table ? { table } : {}), ...(index ? { index } : {}) }, ...inner]
}

/** Whether a plan reads an index and nothing else of the table. */
export const isIndexOnly = (nodes: readonly PlanNode[], index: string) =>
  nodes.some((node) => node.type === 'Index Only Scan' && node.index === index)
