import cluster from 'node:cluster'
import { adminLink, adminLinkBeside } from '../admin-link.ts'
import { externalDatabase, openInstallationDatabase } from '../database.ts'
import { refuseTakenPort } from '../port.ts'
import { createLog, openDataFolder, openProcess, type ProcessOptions } from '../run.ts'
import { importSamples, samplesWait } from '../samples.ts'
import { makeSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { drainMs, untilEnded } from '../until-ended.ts'
import { isSupervised, openWorkers } from '../workers/workers.ts'

/**
 * Runs everything, with the embedded database where no other is named: in one process, or WORKERS on one port; with
 * `--supervised` even one has a supervisor, which can replace it.
 */
export async function start(args: readonly string[] = []): Promise<void> {
  const settings = readSettings()
  const folder = openDataFolder(settings)
  if (folder.notice) say(folder.notice)
  const data = folder.path
  const secrets = makeSecrets(settings, data)
  const names = services.map(({ name }) => name)
  if (cluster.isWorker && !externalDatabase(settings, names)) {
    throw new SettingsError(
      'While pm2 reloads there are two processes, and the embedded database belongs to one: set DATABASE_URL.',
    )
  }
  await refuseTakenPort(settings.PORT, settings.HOST)
  const database = await openInstallationDatabase(settings, names, data, say)
  const options: ProcessOptions = {
    settings,
    data,
    secrets,
    database,
    here: names,
    proxy: true,
    migrate: true,
    log: createLog(settings),
  }
  const { WORKERS } = settings
  const supervised = isSupervised(settings, args)
  const failed = async (error: unknown): Promise<never> => {
    await database.stop()
    throw error
  }
  const single = supervised ? undefined : await openProcess(options).catch(failed)
  const opened = single ?? (await openWorkers(options).catch(failed))
  const begin = async () => {
    if (samplesWait(data)) {
      if (single) await importSamples(single, data)
      else await importBeforeWorkers(options)
    }
    const server = await opened.listen()
    if (secrets.fresh) {
      const link = single
        ? await adminLink(single, settings, server.url)
        : await adminLinkBeside(options, server.url)
      say(`Become administrator, once, within a day: ${link}`)
      say(`Token for writes, shown once and kept in ${data}/secrets.json: ${secrets.apiToken}`)
    }
    const many = WORKERS > 1 ? `${WORKERS} workers, ` : ''
    say(
      `Colonnade is at ${settings.COLONNADE_URL ?? server.url} (${many}data in ${data}; Ctrl-C stops it).`,
    )
  }
  const stop = async () => {
    await opened.close({ drainMs })
    await database.stop()
  }
  await untilEnded(begin, stop, supervised)
}

/** The samples come once, so the supervisor opens the services for the time it takes. */
async function importBeforeWorkers(options: ProcessOptions): Promise<void> {
  const services = await openProcess({ ...options, proxy: false, migrate: false })
  try {
    await importSamples(services, options.data)
  } finally {
    await services.close()
  }
}
