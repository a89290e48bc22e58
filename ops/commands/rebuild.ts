import { type Backend, createTrust, remoteBackend, type Trust } from '@colonnade/http'
import { z } from 'zod'
import { findDatabase } from '../find-database.ts'
import { createLog, openDataFolder, openProcess } from '../run.ts'
import { listRunning } from '../running.ts'
import { makeSecrets } from '../secrets.ts'
import { services } from '../services.ts'
import { readSettings, type Settings } from '../settings.ts'
import { progress, say } from '../terminal.ts'

const answer = z.object({ courses: z.number() })

/** Makes the copies that courses keeps of ratings and teachers again from their source. */
export async function rebuild(): Promise<void> {
  const settings = readSettings()
  const { path: data } = openDataFolder(settings)
  const elsewhere = settings.urlsOf('courses')
  if (elsewhere) {
    const courses = remoteBackend(elsewhere, { 'Colonnade-Service': 'courses' })
    try {
      await ask(courses, createTrust(makeSecrets(settings, data).secret))
    } finally {
      await courses.close()
    }
    return
  }
  await rebuildHere(settings, data)
}

/**
 * Opens the services beside whatever runs. What they tell goes to the running proxies too, because an event that one
 * process has passed on is not passed on by another.
 */
async function rebuildHere(settings: Settings, data: string): Promise<void> {
  const names = services.map(({ name }) => name)
  const proxies = listRunning(data).flatMap(({ proxy, url }) => (proxy ? [url] : []))
  const database = await findDatabase(settings, names, data)
  try {
    const opened = await openProcess({
      settings: {
        ...settings,
        PROXY_URL: [...new Set([...(settings.PROXY_URL ?? []), ...proxies])],
      },
      data,
      secrets: makeSecrets(settings, data),
      database,
      here: names,
      proxy: false,
      migrate: !database.inUse,
      log: createLog({ ...settings, LOG_LEVEL: 'warn' }),
    })
    try {
      await ask(opened.installation.backend('courses'), opened.trust)
      await opened.installation.settled(30_000).catch((error: unknown) => say(String(error)))
    } finally {
      await opened.close()
    }
  } finally {
    await database.stop()
  }
}

async function ask(courses: Backend, trust: Trust): Promise<void> {
  const line = progress()
  const started = performance.now()
  const timer = setInterval(
    () => line.show(`Rebuilding: ${Math.round((performance.now() - started) / 1000)} s …`),
    200,
  )
  try {
    const response = await courses.fetch('/internal/rebuild', {
      method: 'PUT',
      headers: { Authorization: await trust.header() },
    })
    if (!response.ok) throw new Error(`Rebuilding was answered by ${response.status}.`)
    const { courses: count } = answer.parse(await response.json())
    line.end()
    say(`Made the copies of ${count} courses again.`)
  } finally {
    clearInterval(timer)
  }
}
