import closeWithGrace from 'close-with-grace'
import { openInstallationDatabase } from '../database.ts'
import { createLog, openDataFolder, openProcess } from '../run.ts'
import { importSamplesOnce } from '../samples.ts'
import { makeSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings } from '../settings.ts'
import { say } from '../terminal.ts'

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
  const stop = async () => {
    await opened.close()
    await database.stop()
  }
  closeWithGrace({ delay: 20_000 }, async ({ signal, err }) => {
    if (err) console.error(err)
    else say(`Stopping (${signal}): what is in flight is finished first.`)
    await stop()
  })
  await importSamplesOnce(opened, data)
  const server = await opened.listen()
  if (secrets.fresh) {
    say(`Token for writes, shown once and kept in ${data}/secrets.json: ${secrets.apiToken}`)
  }
  say(`Colonnade is at ${settings.COLONNADE_URL ?? server.url} (data in ${data}; Ctrl-C stops it).`)
}

/** A taken port is told before anything is started, and how to mend it. */
async function refuseTakenPort(port: number, host: string): Promise<void> {
  if (port === 0) return
  const { createServer } = await import('node:net')
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(new PortTaken(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`))
      } else if (error.code === 'EACCES') {
        reject(new PortTaken(`Port ${port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm start`))
      } else reject(error)
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/** Told to the person at the terminal as it is. */
export class PortTaken extends Error {}
