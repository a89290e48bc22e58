import { dataFolder } from '@colonnade/db/embedded'
import type { ServiceDefinition } from '@colonnade/http'
import { listRunning } from '../running.ts'
import { readSecrets } from '../secrets.ts'
import { readSettings, type Settings, SettingsError } from '../settings.ts'
import { divide } from '../workers/cores.ts'
import { checkDatabases } from './database.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import { checkData, checkNode, checkPort, checkSecrets, checkWorkers } from './machine.ts'
import { checkMail } from './mail.ts'
import { checkProviders } from './providers.ts'
import { checkPlace, type Place } from './reachable.ts'
import { type SettingRow, settingsTable, unknownSettings } from './table.ts'

export type Examined = { findings: Finding[]; settings: SettingRow[] }

type Environment = Record<string, string | undefined>

/** Looks at everything the installation needs. Changes nothing and starts nothing. */
export async function examine(
  env: Environment,
  cwd: string,
  services: readonly ServiceDefinition[],
): Promise<Examined> {
  const findings = [checkNode()]
  const { settings, wrong } = readable(env)
  findings.push(...wrong)
  if (!settings) return { findings, settings: [] }
  for (const name of unknownSettings(settings)) {
    findings.push(
      warn('settings', `${name} is set and means nothing.`, 'See the table below for the names.'),
    )
  }
  const { path: data, notice } = dataFolder({ env: settings.env, cwd })
  if (notice) findings.push(ok('data', notice))
  const running = listRunning(data)
  findings.push(await checkPort('PORT', settings.PORT, settings.HOST, running))
  if (settings.METRICS_PORT) {
    findings.push(
      running.length > 0
        ? ok('ports', `METRICS_PORT ${settings.METRICS_PORT} was looked at when it was started.`)
        : await checkPort('METRICS_PORT', settings.METRICS_PORT, '127.0.0.1', running),
    )
  }
  findings.push(checkWorkers(divide(settings.WORKERS)))
  findings.push(...(await checkData(data)))
  const places = placesOf(settings, services)
  findings.push(...(await checkProviders(settings.env)))
  findings.push(...checkSecrets(settings, data, places.length > 0))
  findings.push(...(await checkDatabases(settings, services, data, running)))
  findings.push(...(await checkMail(settings)))
  const kept = secretsIn(data)
  const secret = settings.COLONNADE_SECRET ?? kept?.secret
  for (const { url, services: names, pid, workers } of running) {
    const many = workers ? ` with ${workers.length} workers` : ''
    const setting = `process ${pid}${many}: ${names.join(', ') || 'proxy'}`
    findings.push(...(await checkPlace({ setting, url }, undefined)))
  }
  findings.push(...unnamed(settings, services))
  const checked = await Promise.all(places.map((place) => checkPlace(place, secret)))
  findings.push(...checked.flat())
  return { findings, settings: settingsTable(settings, data, kept !== undefined) }
}

/** The settings; those that cannot be used are told and left out, so that the rest is looked at all the same. */
function readable(env: Environment): { settings?: Settings; wrong: Finding[] } {
  try {
    return { settings: readSettings(env), wrong: [ok('settings', 'Every setting can be used.')] }
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    const lines = error.message.split('\n').slice(1)
    const wrong = lines.map((line) =>
      fail('settings', line.trim(), 'Correct it where it comes from, or take it away.'),
    )
    const names = lines.flatMap((line) => /^\s*(\w+) \(/.exec(line)?.[1] ?? [])
    try {
      const rest = Object.entries(env).filter(([name]) => !names.includes(name))
      return { settings: readSettings(Object.fromEntries(rest)), wrong }
    } catch {
      return { wrong }
    }
  }
}

function placesOf(settings: Settings, services: readonly ServiceDefinition[]): Place[] {
  const elsewhere = services.flatMap(({ name }) =>
    (settings.urlsOf(name) ?? []).map((url) => ({
      setting: `${name.toUpperCase()}_URL`,
      url,
      service: name,
    })),
  )
  const proxies = (settings.PROXY_URL ?? []).map((url) => ({ setting: 'PROXY_URL', url }))
  return [...elsewhere, ...proxies]
}

/** Where some services have an address, one without is served here, or was forgotten. */
function unnamed(settings: Settings, services: readonly ServiceDefinition[]): Finding[] {
  const without = services.filter(({ name }) => !settings.urlsOf(name))
  if (without.length === services.length) return []
  return without.map(({ name }) => {
    const setting = `${name.toUpperCase()}_URL`
    return warn(
      'reach',
      `${setting} is not set; others are.`,
      `Set it, unless ${name} is served here.`,
    )
  })
}

function secretsIn(data: string): ReturnType<typeof readSecrets> {
  try {
    return readSecrets(data)
  } catch {
    return undefined
  }
}
