import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { inWords } from '../mendable.ts'
import type { Running } from '../running.ts'
import { type Settings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { startCandidate } from './candidate.ts'
import { type Change, goLive, tryOut } from './go-live.ts'
import { releaseNow } from './layout.ts'
import { ReleaseFailed, type Times } from './probe.ts'
import { listMigrations } from './queries.ts'
import { lastTo, note, type Upgrade } from './record.ts'

/** The installation on this host, as its upgrade needs it. */
export type Host = Change & {
  settings: Settings
  data: string
  running: Running
  secrets: { secret: string; apiToken: string }
  /** How the release on trial is started; else as what runs. */
  as?: readonly string[]
}

/**
 * Goes over to a release: backs up, tries it beside the running one after its migrations, switches, and watches.
 * Whatever fails, the release before runs on. @throws ReleaseFailed with the reason
 */
export async function upgradeTo(host: Host, to: string, backUp: boolean): Promise<void> {
  const { layout, running } = host
  const from = releaseNow(layout)
  if (from === to) throw new SettingsError(`${to} is what runs already.`)
  const upgrade: Upgrade = {
    from,
    to,
    at: new Date().toISOString(),
    migrations: [],
    outcome: 'begun',
  }
  const keeps = running.services.length > 0
  if (keeps && backUp) upgrade.backup = await makeBackup(host, from)
  else if (keeps) say('NO BACKUP: what this release does to the data cannot be taken back.')
  const there = new Set(await migrationsOf(host))
  note(layout, upgrade)
  const ends = (outcome: Upgrade['outcome'], why?: string) =>
    note(layout, { ...upgrade, outcome, ...(why ? { why } : {}) })
  let before: Times
  try {
    say(`Trying ${to} beside ${from} …`)
    const candidate = await startCandidate({
      release: to,
      args: host.as ?? ['serve', ...(running.proxy ? ['proxy'] : []), ...running.services],
      env: environmentOf(host),
      data: host.data,
      readyMs: host.settings.READY_SECONDS * 1000,
    })
    try {
      before = await tryOut(candidate.url, host)
    } finally {
      await candidate.close()
    }
  } catch (error) {
    const why = inWords(error).message
    ends('refused', why)
    if (!(error instanceof ReleaseFailed)) throw error
    throw new ReleaseFailed(`${to} is refused, and ${from} runs on. ${why}`)
  } finally {
    upgrade.migrations = (await migrationsOf(host)).filter((name) => !there.has(name))
  }
  ends('begun')
  try {
    await goLive(host, from, to, before)
  } catch (error) {
    ends('rolled back', inWords(error).message)
    throw new ReleaseFailed(
      `${to} was taken back, and ${from} runs again. ${inWords(error).message}`,
    )
  }
  ends('live')
  const { migrations } = upgrade
  say(
    `${to} runs. ${migrations.length > 0 ? `Applied ${migrations.join(', ')}. ` : ''}Back again: colonnade upgrade --undo`,
  )
}

/** Goes back to the release before; the schema stays, since migrations only add. @returns the upgrade that was undone */
export async function undo(host: Host): Promise<Upgrade> {
  const { layout } = host
  const now = releaseNow(layout)
  const upgrade = lastTo(layout, now)
  if (!upgrade) throw new SettingsError(`No upgrade brought ${now}: there is nothing to undo.`)
  await goLive(host, now, upgrade.from, new Map())
  note(layout, { ...upgrade, outcome: 'undone' })
  say(`${upgrade.from} runs again. Its data are as they are now; nothing was put back.`)
  return upgrade
}

/** Runs the backup of the release that runs. @returns the file it wrote */
async function makeBackup({ layout, settings }: Host, from: string): Promise<string> {
  const args = [join(from, 'ops/bin/colonnade.mjs'), 'backup', '--to', join(layout.base, 'backups')]
  const child = spawn(process.execPath, args, {
    cwd: from,
    env: {
      ...process.env,
      ...(settings.COLONNADE_DATA ? { COLONNADE_DATA: settings.COLONNADE_DATA } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    said += part
  })
  const [code] = await once(child, 'close')
  // It may tell a key that is shown once.
  say(said.trim())
  const file = / into (\S.*)$/m.exec(said)?.[1]
  if (code === 0 && file) return file
  throw new SettingsError('The backup failed, so nothing was changed. Without one: --no-backup')
}

/** What a process on trial is told: the same secrets, and the database that the running one started for itself. */
function environmentOf({ settings, secrets, running }: Host): Record<string, string | undefined> {
  const own = running.services.every((service) => settings.databaseOf(service))
  const { COLONNADE_SECRET_FILE: _secret, COLONNADE_API_TOKEN_FILE: _token, ...env } = process.env
  return {
    ...env,
    COLONNADE_SECRET: secrets.secret,
    COLONNADE_API_TOKEN: secrets.apiToken,
    ...(own || !running.database ? {} : { DATABASE_URL: running.database }),
  }
}

async function migrationsOf({ settings, running }: Host): Promise<string[]> {
  const lists = running.services.map(async (service) => {
    const url = settings.databaseOf(service) ?? running.database
    return url ? await listMigrations(url, service) : []
  })
  return (await Promise.all(lists)).flat()
}
