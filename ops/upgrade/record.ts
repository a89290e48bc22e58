import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Layout } from './layout.ts'

const schema = z.object({
  /** Folders of releases. */
  from: z.string(),
  to: z.string(),
  at: z.string(),
  /** The file with all data as they were before; none where nobody wanted one, or nothing is kept on this host. */
  backup: z.string().optional(),
  /** What was applied meanwhile, `service/file`. */
  migrations: z.array(z.string()),
  outcome: z.enum(['begun', 'live', 'refused', 'rolled back', 'undone']),
  why: z.string().optional(),
})

/** One upgrade, as `upgrades.json` beside `current` tells of it. */
export type Upgrade = z.infer<typeof schema>

const fileIn = ({ base }: Layout) => join(base, 'upgrades.json')

/** All upgrades, the oldest first. */
function readUpgrades(layout: Layout): Upgrade[] {
  const file = fileIn(layout)
  return existsSync(file) ? z.array(schema).parse(JSON.parse(readFileSync(file, 'utf8'))) : []
}

/** Notes an upgrade, in place of what was noted of it before. */
export function note(layout: Layout, upgrade: Upgrade): void {
  const others = readUpgrades(layout).filter(({ at }) => at !== upgrade.at)
  const file = fileIn(layout)
  writeFileSync(`${file}.new`, `${JSON.stringify([...others, upgrade], null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

/** The upgrade that brought what runs now: what `--undo` takes back. */
export function lastTo(layout: Layout, release: string): Upgrade | undefined {
  return readUpgrades(layout).findLast(
    ({ to, outcome }) => to === release && (outcome === 'live' || outcome === 'begun'),
  )
}
