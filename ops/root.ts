import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The project folder: the nearest one above that holds the services, whether this runs from source or from `dist`. */
export const root = findRoot(import.meta.dirname)

/** @throws when no folder above is a project folder */
export function findRoot(from: string): string {
  if (existsSync(join(from, 'package-lock.json')) && existsSync(join(from, 'services'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('Colonnade’s project folder was not found.')
  return findRoot(above)
}
