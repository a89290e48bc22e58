// squawk over every service's migrations: what locks tables that are in use, or takes something away from the version
// before, is refused.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} root the project folder
 * @param {(args: string[]) => Promise<{ ok: boolean, output: string }>} squawk runs it with arguments
 */
export async function checkMigrations(root, squawk) {
  const files = readdirSync(join(root, 'services')).flatMap((service) => {
    const folder = join('services', service, 'migrations')
    return readdirSync(join(root, folder)).map((file) => join(folder, file))
  })
  const outside = files.filter((file) =>
    readFileSync(join(root, file), 'utf8').startsWith('-- outside a transaction'),
  )
  const inside = files.filter((file) => !outside.includes(file))
  const runs = [
    await squawk(['--reporter', 'gcc', '--assume-in-transaction', ...inside]),
    ...(outside.length > 0 ? [await squawk(['--reporter', 'gcc', ...outside])] : []),
  ]
  return { ok: runs.every(({ ok }) => ok), output: runs.map(({ output }) => output).join('') }
}
