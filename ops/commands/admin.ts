import { createTrust, remoteBackend } from '@colonnade/http'
import { adminLink, linkFrom } from '../admin-link.ts'
import { findDatabase } from '../find-database.ts'
import { createLog, openDataFolder, openProcess } from '../run.ts'
import { listRunning } from '../running.ts'
import { makeSecrets } from '../secrets.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

/** Prints a one-time link to the role of administrator; whoever can run this runs the installation anyway. */
export async function admin(args: readonly string[]): Promise<void> {
  if (args[0] !== 'link' || args.length > 1) throw new SettingsError('Say: colonnade admin link')
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const secrets = makeSecrets(settings, data)
  const running = listRunning(data).find(({ proxy }) => proxy)?.url
  const url = running ?? `http://localhost:${settings.PORT}`
  const elsewhere = settings.urlsOf('accounts')
  if (elsewhere) {
    const accounts = remoteBackend(elsewhere, { 'Colonnade-Service': 'accounts' })
    try {
      say(await linkFrom(accounts, createTrust(secrets.secret), settings, url))
    } finally {
      await accounts.close()
    }
    return
  }
  const here = ['accounts']
  const database = await findDatabase(settings, here, data)
  try {
    const opened = await openProcess({
      settings,
      data,
      secrets,
      database,
      here,
      proxy: false,
      migrate: !database.inUse,
      log: createLog({ ...settings, LOG_LEVEL: 'warn' }),
    })
    try {
      say(await adminLink(opened, settings, url))
    } finally {
      await opened.close()
    }
  } finally {
    await database.stop()
  }
}
