import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.ts'

const folder = join(root, 'services')

/** Names of all services, as `colonnade serve` takes them. Read from the tree, so that none of their code is loaded. */
export const serviceNames = readdirSync(folder).filter((name) =>
  existsSync(join(folder, name, 'service.ts')),
)
