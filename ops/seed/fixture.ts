import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import postgres from 'postgres'
import { services } from '../services.ts'

/** A migrated database of its own, and a connection to it. */
export async function freshDatabase(): Promise<{ url: string; sql: postgres.Sql }> {
  const { url } = await testDatabase('ops seed', async (template) => {
    for (const { name, migrations } of services) await migrate(template, name, migrations)
  })
  return { url, sql: postgres(url, { max: 2, onnotice: () => {} }) }
}
