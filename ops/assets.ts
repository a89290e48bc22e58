import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

/** What the build made: each owner's stylesheets and scripts, and the fonts that are fetched early. */
export type AssetManifest = { owners: Record<string, string[]>; fonts: string[] }

export const builtAssets = join(root, 'dist/assets')

export function readAssets(): AssetManifest {
  return JSON.parse(readFileSync(join(root, 'dist/assets.json'), 'utf8')) as AssetManifest
}
