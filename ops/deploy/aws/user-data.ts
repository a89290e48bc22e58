import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a host is. */
export type Part = 'proxy' | 'services' | 'database'

/**
 * What a host runs at its first start: it prepares itself, fetches the release and runs the release's own script for its
 * part. Names and addresses only: every secret is fetched by the host, in its own name.
 * @param settings told to the scripts; values with tokens of CloudFormation are filled in by it
 */
export function userData(part: Part, settings: Readonly<Record<string, string>>): string {
  const told = Object.entries({ PART: part, ...settings }).map(
    ([name, value]) => `export ${name}='${value}'`,
  )
  const prepare = readFileSync(join(import.meta.dirname, 'hosts/prepare.sh'), 'utf8')
  return prepare.replace('set -eu\n', `set -eu\n${told.join('\n')}\n`)
}
