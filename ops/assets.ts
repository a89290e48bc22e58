import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

/** What the build made: each owner's stylesheets and scripts, and the fonts that are fetched early. */
export type AssetManifest = { owners: Record<string, string[]>; fonts: string[] }

export const builtAssets = join(root, 'dist/assets')

export function readAssets(): AssetManifest {
  return JSON.parse(readFileSync(join(root, 'dist/assets.json'), 'utf8')) as AssetManifest
}

/** Another for each build: what one version of the code has rendered is not for the next to send. */
export function buildId(): string {
  const hash = createHash('sha256')
  for (const file of ['dist/server/colonnade.js', 'dist/assets.json']) {
    const path = join(root, file)
    if (existsSync(path)) hash.update(readFileSync(path))
  }
  return hash.digest('base64url').slice(0, 10)
}
