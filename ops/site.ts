import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Site } from '@colonnade/proxy'
import { accentCss } from '@colonnade/ui'
import type { AssetManifest } from './assets.ts'
import type { Settings } from './settings.ts'

/** Verdigris, as in the tokens: what an accent left out in one theme stays. */
const ours = { light: '#0a655a', dark: '#63cdb8' }

/** The site as the operator set it. `url` is the public origin, for canonical links and mail. */
export function siteOf(settings: Settings, assets: AssetManifest, url: string, data: string): Site {
  const shell = assets.owners.ui ?? []
  const styles = shell.filter((path) => path.endsWith('.css'))
  const accent = accentFile(settings, data)
  return {
    url: settings.COLONNADE_URL ?? url,
    name: settings.SITE_NAME,
    ...(settings.SITE_MARK ? { mark: settings.SITE_MARK } : {}),
    legal: settings.SITE_LEGAL_LINKS ?? [],
    styles: accent ? [...styles, accent] : styles,
    scripts: shell.filter((path) => path.endsWith('.js')),
    fonts: assets.fonts,
  }
}

/** The accent is a stylesheet like any other, since no style stands inline: named after its content, kept in `data`. */
function accentFile(settings: Settings, data: string): string | undefined {
  const { SITE_ACCENT: light, SITE_ACCENT_DARK: dark } = settings
  if (!light && !dark) return undefined
  const css = accentCss(light ?? ours.light, dark ?? ours.dark)
  const name = `accent-${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css`
  const folder = join(data, 'assets', 'site')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), css)
  return `/assets/site/${name}`
}
