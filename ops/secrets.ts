import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Settings, SettingsError } from './settings.ts'

const schema = z.object({ secret: z.string(), apiToken: z.string() })

export type Secrets = z.infer<typeof schema> & { fresh: boolean }

const fileIn = (data: string) => join(data, 'secrets.json')

/** The secrets of an all-in-one installation: from the environment, else made at its first start and kept. */
export function makeSecrets(settings: Settings, data: string): Secrets {
  const kept = readSecrets(data)
  const made = kept ?? {
    secret: randomBytes(32).toString('base64url'),
    apiToken: randomBytes(24).toString('base64url'),
  }
  if (!kept) {
    mkdirSync(data, { recursive: true })
    writeFileSync(fileIn(data), JSON.stringify(made, null, 2), { mode: 0o600 })
  }
  return {
    secret: settings.COLONNADE_SECRET ?? made.secret,
    apiToken: settings.COLONNADE_API_TOKEN ?? made.apiToken,
    fresh: !kept && !settings.COLONNADE_API_TOKEN,
  }
}

/** The secrets that were kept under the data folder, if any. */
export function readSecrets(data: string): z.infer<typeof schema> | undefined {
  if (!existsSync(fileIn(data))) return undefined
  return schema.parse(JSON.parse(readFileSync(fileIn(data), 'utf8')))
}

/** Processes that run apart must share their secrets, so they have to be given. */
export function requireSecrets(settings: Settings): { secret: string; apiToken: string } {
  const { COLONNADE_SECRET: secret, COLONNADE_API_TOKEN: apiToken } = settings
  if (!secret || !apiToken) {
    throw new SettingsError(
      'serve needs COLONNADE_SECRET and COLONNADE_API_TOKEN, the same on every host. Make one with: openssl rand -base64 32',
    )
  }
  return { secret, apiToken }
}
