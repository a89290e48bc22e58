import postgres from 'postgres'

/** Locks every table of a schema against all others, as a migration gone wrong would. @returns what lets go */
export async function lockSchema(url: string, schema: string): Promise<() => Promise<void>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  let done: Promise<unknown> = Promise.resolve()
  await new Promise<void>((resolve, reject) => {
    done = sql.begin(async (tx) => {
      const tables = await tx`select tablename from pg_tables where schemaname = ${schema}`
      const names = tables.map(({ tablename }) => `${schema}.${tablename}`)
      await tx`lock table ${tx.unsafe(names.join(', '))} in access exclusive mode`
      resolve()
      await held
    })
    done.catch(reject)
  })
  return async () => {
    release()
    await done
    await sql.end()
  }
}
