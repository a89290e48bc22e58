import { providerSetting } from '@colonnade/accounts/contract'
import { type Settings, settingNames } from '../settings.ts'
import { withoutPassword } from './finding.ts'

export type SettingRow = { name: string; value: string; origin: string }

const secret = new Set(['COLONNADE_SECRET', 'COLONNADE_API_TOKEN'])

/** Every setting, its value with secrets masked, and where it came from. */
export function settingsTable(
  settings: Settings,
  data: string,
  keptSecrets: boolean,
): SettingRow[] {
  const providers = Object.keys(settings.env).filter((name) => providerSetting.test(name))
  return [...settingNames, ...providers.sort()].map((name) => {
    const given = settings.env[name]
    const origin = settings.origins[name]
    if (given !== undefined) {
      return { name, value: shown(name, given), origin: origin ?? 'environment' }
    }
    if (secret.has(name)) {
      return keptSecrets
        ? { name, value: '***', origin: 'made at first start' }
        : { name, value: '', origin: 'default' }
    }
    return { name, value: defaultOf(name, settings, data), origin: 'default' }
  })
}

function shown(name: string, value: string): string {
  if (secret.has(name) || name.endsWith('_SECRET')) return '***'
  const holdsPassword = name.endsWith('DATABASE_URL') || /^(REDIS|SMTP)_URL$/.test(name)
  return holdsPassword ? withoutPassword(value) : value
}

function defaultOf(name: string, settings: Settings, data: string): string {
  if (name === 'COLONNADE_DATA') return data
  const all: Record<string, unknown> = settings
  const value = all[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Settings that look like ours but are none: mistyped, or of another version. */
export function unknownSettings(settings: Settings): string[] {
  return Object.keys(settings.env).filter(
    (name) =>
      /^(COLONNADE|SITE|OIDC)_/.test(name) &&
      !settingNames.includes(name.replace(/_FILE$/, '')) &&
      !providerSetting.test(name.replace(/_FILE$/, '')) &&
      name !== 'COLONNADE_TESTS',
  )
}
