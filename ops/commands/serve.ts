import { requireDatabase, startDatabase } from '../database.ts'
import { createLog, openDataFolder, openProcess, type ProcessOptions } from '../run.ts'
import { requireSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings, SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { drainMs, untilEnded } from '../until-ended.ts'
import { isSupervised, openWorkers, supervisedFlag } from '../workers/workers.ts'

/** Runs the proxy, the embedded database, or any set of services, each where the environment says. */
export async function serve(args: readonly string[]): Promise<void> {
  const names = args.filter((one) => one !== supervisedFlag)
  const known = ['proxy', 'database', ...services.map(({ name }) => name)]
  const unknown = names.find((name) => !known.includes(name))
  if (names.length === 0 || unknown) {
    throw new SettingsError(
      `${unknown ? `There is no service named ${unknown}. ` : ''}Name what to serve: ${known.join(', ')}.`,
    )
  }
  const settings = readSettings()
  const folder = openDataFolder(settings)
  if (folder.notice) say(folder.notice)
  if (names.includes('database')) {
    if (names.length > 1) throw new SettingsError('serve database stands alone.')
    await serveDatabase(folder.path, settings.HOST, settings.PORT)
    return
  }
  const here = names.filter((name) => name !== 'proxy')
  const options: ProcessOptions = {
    settings,
    data: folder.path,
    secrets: requireSecrets(settings),
    database: requireDatabase(settings, here),
    here,
    proxy: names.includes('proxy'),
    migrate: true,
    log: createLog(settings),
  }
  const { WORKERS } = settings
  const supervised = isSupervised(settings, args)
  const opened = await (supervised ? openWorkers(options) : openProcess(options))
  const begin = async () => {
    const server = await opened.listen()
    const many = WORKERS > 1 ? ` with ${WORKERS} workers` : ''
    say(`Serving ${names.join(', ')} at ${server.url}${many}.`)
  }
  await untilEnded(begin, () => opened.close({ drainMs }), supervised)
}

async function serveDatabase(data: string, host: string, port: number): Promise<void> {
  const database = await startDatabase({ data, host, port, log: say })
  const begin = async () => say(`Postgres ${database.version} is at ${database.url}`)
  await untilEnded(begin, () => database.stop())
}
