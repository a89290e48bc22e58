import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  makeDataFolder,
  ownSettings,
  type Running,
  removeDataFolder,
  runColonnade,
} from './installation.ts'
import { samples } from './pages.ts'

const data = makeDataFolder()
const settings = ownSettings(data)
const started: Running[] = []

async function run(args: string[], more: Record<string, string> = {}): Promise<Running> {
  const running = await runColonnade(args, { ...settings, ...more })
  started.push(running)
  return running
}

async function stopAll(): Promise<void> {
  for (const running of started.splice(0).reverse()) await running.stop()
}

const names = ['courses', 'instructors', 'reviews'] as const
const ends = { courses: 'id="syllabus"', instructors: 'id="instructors"', reviews: 'id="reviews"' }
/** The pages as they were while everything ran. */
const before = new Map<string, string>()

beforeAll(async () => {
  const { url } = await run(['start'])
  for (const slug of samples) before.set(slug, await (await fetch(`${url}/learn/${slug}`)).text())
  await stopAll()
}, 180_000)

afterAll(async () => {
  await stopAll()
  removeDataFolder(data)
})

test.each(names)('a proxy restarted while %s is dead serves its last good copies', async (dead) => {
  const database = await run(['serve', 'database'])
  const here = ['courses', 'instructors', 'reviews', 'media'].filter((name) => name !== dead)
  const { url } = await run(['serve', 'proxy', ...here], {
    DATABASE_URL: databaseUrl(database),
    [`${dead.toUpperCase()}_URL`]: `http://127.0.0.1:${await freePort()}`,
  })
  for (const slug of samples) {
    const response = await fetch(`${url}/learn/${slug}`)
    const html = await response.text()
    expect(response.status).toBe(200)
    if (before.get(slug)?.includes(ends[dead])) expect(html).toContain(ends[dead])
    expect(html).not.toContain('away for now')
  }
  await stopAll()
})

test('a proxy restarted alone, with nothing else there, still has its pages', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`
  const { url } = await run(['serve', 'proxy'], {
    COURSES_URL: nowhere,
    INSTRUCTORS_URL: nowhere,
    REVIEWS_URL: nowhere,
    MEDIA_URL: nowhere,
  })
  for (const slug of samples) {
    const response = await fetch(`${url}/learn/${slug}`)
    expect(response.status).toBe(200)
    expect(await response.text()).not.toContain('away for now')
  }
  expect((await fetch(`${url}/learn/no-such-course`)).status).toBe(503)
  await stopAll()
})

/** Where the embedded database said it is; the file is what it keeps for those that come after. */
function databaseUrl(database: Running): string {
  const said = /postgres(?:ql)?:\/\/\S+/.exec(database.output())?.[0]
  if (!said)
    throw new Error(`No address in: ${readFileSync(join(data, 'postgres', 'postmaster.pid'))}`)
  return said
}
