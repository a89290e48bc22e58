import { afterAll, inject } from 'vitest'
import { cloneDatabase, type Prepare, type TestDatabase } from './database.ts'

export type { TestDatabase } from './database.ts'

/**
 * A fresh database for a test file, dropped when the file is done. `prepare` (migrations, fixed rows) runs once in a
 * run for each `name` and is cloned from then on; it must close its connections.
 */
export async function testDatabase(
  name = 'empty',
  prepare: Prepare = async () => {},
): Promise<TestDatabase> {
  const server = { url: inject('databaseServer'), run: inject('databaseRun') }
  const database = await cloneDatabase(server, name, prepare)
  try {
    afterAll(() => database.drop())
  } catch {
    // Within a hook none can be added: the server is cleared at the end of the run.
  }
  return database
}
