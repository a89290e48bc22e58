import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { oneAtATime } from '@colonnade/events'
import { CourseError } from '@colonnade/format'
import { startDatabase } from '../database.ts'
import { type ImportAnswer, ImportRefused, importCourse } from '../import-course.ts'
import { createLog, openProcess } from '../run.ts'
import { makeSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings } from '../settings.ts'
import { openDoor } from './door.ts'
import { noticeOf } from './notice.ts'
import { watchTree } from './watch.ts'

/** What became of the folder when it was read last. */
export type Read = { answer: ImportAnswer; ms: number } | { refused: string }

export type Preview = {
  url: string
  close(): Promise<void>
}

/**
 * Serves a course folder as it will look: the real services on a database that lives as long as the preview, and a
 * door that loads open pages again. Whatever is wrong with the folder stands at the top of the page.
 */
export async function openPreview(options: {
  folder: string
  port: number
  onRead(read: Read): void
}): Promise<Preview> {
  const { folder, onRead } = options
  const closers: (() => unknown)[] = []
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one()
  }
  try {
    const data = mkdtempSync(join(tmpdir(), 'colonnade-preview-'))
    closers.push(() => rmSync(data, { recursive: true, force: true }))
    chmodSync(data, 0o711)
    const door = await openDoor({
      port: options.port,
      host: '127.0.0.1',
      waiting: 'Reading the course …',
      patient: true,
    })
    closers.push(() => door.close())
    const site = await openSite(data, door.url)
    closers.push(() => site.close())
    door.lead(site.url)

    let slug: string | undefined
    const read = async (again = true): Promise<void> => {
      const started = performance.now()
      try {
        const answer = await importCourse(site.courses, site.operatorToken, folder)
        if (!answer.unchanged) await site.settled()
        slug = answer.course.slug
        door.post(undefined)
        onRead({ answer, ms: Math.round(performance.now() - started) })
      } catch (error) {
        // An editor that saves by renaming lets a file be away for a moment.
        if (again && isMissing(error)) return await read(false)
        const known = error instanceof CourseError || error instanceof ImportRefused
        const refused = known ? error.message : String(error)
        door.post(noticeOf('The course cannot be shown as it stands now.', refused))
        onRead({ refused })
      }
      door.reload()
    }
    const reading = oneAtATime(read, (error) => onRead({ refused: String(error) }))
    const watcher = watchTree(folder, reading.again)
    closers.push(async () => {
      watcher.close()
      await reading.done()
    })
    await read()
    return { url: slug ? `${door.url}/learn/${slug}` : door.url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The whole site on a throw-away database, without samples. */
async function openSite(data: string, publicUrl: string) {
  const given = readSettings()
  const settings = {
    ...given,
    PORT: 0,
    HOST: '127.0.0.1',
    COLONNADE_URL: publicUrl,
    METRICS_PORT: undefined,
    PROXY_URL: undefined,
    LOG_LEVEL: 'error' as const,
    env: { ...given.env, COURSES_READER: 'here' },
    urlsOf: () => undefined,
  }
  const database = await startDatabase({
    data,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  })
  const opened = await openProcess({
    settings,
    data,
    secrets: makeSecrets({ ...settings, COLONNADE_SECRET: undefined }, data),
    database: {
      urlOf: () => database.url,
      directUrlOf: () => database.url,
      embedded: true,
      stop: () => database.stop(),
    },
    here: services.map(({ name }) => name),
    proxy: true,
    migrate: true,
    log: createLog(settings),
  }).catch(async (error: unknown) => {
    await database.stop()
    throw error
  })
  const server = await opened.listen()
  return {
    url: `http://127.0.0.1:${server.port}`,
    courses: opened.installation.backend('courses'),
    operatorToken: opened.operatorToken,
    settled: () => opened.installation.settled(5000),
    async close() {
      await opened.close()
      await database.stop()
    },
  }
}

const isMissing = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
