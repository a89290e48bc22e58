import { openInstallationDatabase } from '../database.ts'
import { refuseTakenPort } from '../port.ts'
import { createLog, openDataFolder, openProcess } from '../run.ts'
import { importSamplesOnce } from '../samples.ts'
import { makeSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings } from '../settings.ts'
import { say } from '../terminal.ts'
import { untilEnded } from '../until-ended.ts'

/** Runs everything in one process, with the embedded database where no other is named. */
export async function start(): Promise<void> {
  const settings = readSettings()
  const folder = openDataFolder(settings)
  if (folder.notice) say(folder.notice)
  const data = folder.path
  const secrets = makeSecrets(settings, data)
  const names = services.map(({ name }) => name)
  await refuseTakenPort(settings.PORT, settings.HOST)
  const database = await openInstallationDatabase(settings, names, data, say)
  const opened = await openProcess({
    settings,
    data,
    secrets,
    database,
    here: names,
    proxy: true,
    migrate: true,
    log: createLog(settings),
  }).catch(async (error: unknown) => {
    await database.stop()
    throw error
  })
  const begin = async () => {
    await importSamplesOnce(opened, data)
    const server = await opened.listen()
    if (secrets.fresh) {
      say(`Token for writes, shown once and kept in ${data}/secrets.json: ${secrets.apiToken}`)
    }
    say(
      `Colonnade is at ${settings.COLONNADE_URL ?? server.url} (data in ${data}; Ctrl-C stops it).`,
    )
  }
  await untilEnded(begin, async () => {
    await opened.close()
    await database.stop()
  })
}
