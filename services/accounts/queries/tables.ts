import type { Sql } from '@colonnade/db'
import type { CleanedWhere } from 'better-auth/adapters'

type Values = Record<string, unknown>

/**
 * Statements for tables and conditions that better-auth chooses while it runs. Names go in as identifiers, values as
 * parameters; nothing is pasted into a statement.
 */
export function tablesOf(sql: Sql) {
  const nameOf = (table: string) => sql(`accounts.${table}`)

  function condition({ field, operator, value }: CleanedWhere) {
    const column = sql(field)
    const list = Array.isArray(value) ? value.map(String) : [String(value)]
    if (value === null)
      return operator === 'ne' ? sql`${column} is not null` : sql`${column} is null`
    switch (operator) {
      case 'in':
        return sql`${column}::text = any(${list})`
      case 'not_in':
        return sql`${column}::text <> all(${list})`
      default: {
        if (Array.isArray(value)) throw new Error(`accounts compare no list by ${operator}`)
        if (operator === 'ne') return sql`${column} <> ${value}`
        if (operator === 'lt') return sql`${column} < ${value}`
        if (operator === 'lte') return sql`${column} <= ${value}`
        if (operator === 'gt') return sql`${column} > ${value}`
        if (operator === 'gte') return sql`${column} >= ${value}`
        if (operator === 'eq') return sql`${column} = ${value}`
        throw new Error(`accounts search nothing by ${operator}`)
      }
    }
  }

  /** All that are joined by AND, and one of those joined by OR. */
  function where(conditions: readonly CleanedWhere[] = []) {
    const every = conditions.filter(({ connector }) => connector !== 'OR')
    const some = conditions.filter(({ connector }) => connector === 'OR')
    const all = every.reduce((before, one) => sql`${before} and ${condition(one)}`, sql`true`)
    if (some.length === 0) return sql`where ${all}`
    const any = some.reduce((before, one) => sql`${before} or ${condition(one)}`, sql`false`)
    return sql`where ${all} and (${any})`
  }

  return {
    insert: async (table: string, data: Values): Promise<Values | undefined> => {
      const [row] = await sql`insert into ${nameOf(table)} ${sql(data)} returning *`
      return row
    },
    list: async (
      table: string,
      conditions: readonly CleanedWhere[] | undefined,
      options: {
        limit: number
        offset?: number | undefined
        sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined
      },
    ): Promise<Values[]> => {
      const { limit, offset = 0, sortBy } = options
      const order = sortBy
        ? sql`order by ${sql(sortBy.field)} ${sortBy.direction === 'asc' ? sql`asc` : sql`desc`}`
        : sql``
      return await sql`
        select * from ${nameOf(table)} ${where(conditions)} ${order} limit ${limit} offset ${offset}`
    },
    update: async (
      table: string,
      conditions: readonly CleanedWhere[],
      data: Values,
    ): Promise<Values[]> =>
      await sql`update ${nameOf(table)} set ${sql(data)} ${where(conditions)} returning *`,
    /** @param limit at most so many rows, each to one caller only */
    remove: async (
      table: string,
      conditions: readonly CleanedWhere[],
      limit?: number,
    ): Promise<Values[]> => {
      const most = limit === undefined ? sql`` : sql`limit ${limit}`
      return await sql`
        delete from ${nameOf(table)} where ctid = any(array(
          select ctid from ${nameOf(table)} ${where(conditions)} ${most} for update skip locked))
        returning *`
    },
    count: async (
      table: string,
      conditions: readonly CleanedWhere[] | undefined,
    ): Promise<number> => {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int as count from ${nameOf(table)} ${where(conditions)}`
      return row?.count ?? 0
    },
  }
}
