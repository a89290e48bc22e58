import { connectTo } from '@colonnade/db'

/** Names of the migrations that a service's schema has, `service/file`. @param url where its tables are */
export async function listMigrations(url: string, schema: string): Promise<string[]> {
  const sql = connectTo(url, { max: 1 })
  try {
    const [found] = await sql`select to_regclass(${`${schema}.migration`}) is not null as there`
    if (!found?.there) return []
    const rows = await sql<{ name: string }[]>`select name from ${sql(schema)}.migration`
    return rows.map(({ name }) => `${schema}/${name}`)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
