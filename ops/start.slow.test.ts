import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, expect, test } from 'vitest'
import { samplesFolder } from './samples.ts'
import { eventually } from './testing/colonnade.ts'
import { everySection, look } from './testing/course-page.ts'
import { homeOfNobody } from './testing/ordinary-user.ts'
import { startSystemPostgres, systemPostgres } from './testing/system-postgres.ts'
import { isAlive, Trial } from './testing/trial.ts'

const trial = new Trial()
afterAll(() => trial.close())

const asRoot = process.getuid?.() === 0
const samples = readdirSync(samplesFolder)

/** Every sample course is in the catalogue, and its page has every section. */
async function hasSamples(url: string): Promise<void> {
  for (const slug of samples) {
    // A busy machine may be late the first time; the page heals by itself.
    await eventually(async () => {
      const seen = await look(url, `/learn/${slug}`)
      expect([slug, seen.status, seen.sections, seen.away]).toEqual([slug, 200, everySection, 0])
    }, 10_000)
  }
  const { html } = await look(url, '/courses?q=chance')
  expect(html).toContain('/learn/reasoning-about-chance')
}

test.runIf(asRoot)(
  'an ordinary user starts it in a home nobody else can enter, twice, and after a kill -9',
  async () => {
    const from = homeOfNobody(trial)
    const settings = { PORT: String(await freePort()), HOST: '127.0.0.1' }
    const first = await trial.serve(['start'], settings, from)
    await eventually(async () => expect(first.output()).toContain('Colonnade is at'))
    expect(first.output()).toMatch(/Token for writes, shown once/)
    expect(first.output()).toContain(`data in ${from.checkout}/data`)
    await hasSamples(first.url)
    expect(await first.end('SIGTERM')).toBe(0)
    expect(trial.postgres().filter(isAlive)).toEqual([])

    const second = await trial.serve(['start'], settings, from)
    await eventually(async () => expect(second.output()).toContain('Colonnade is at'))
    expect(second.output()).not.toContain('Token for writes')
    expect(second.output()).not.toContain('Imported')
    await hasSamples(second.url)
    await second.end('SIGKILL')

    const third = await trial.serve(['start'], settings, from)
    await hasSamples(third.url)
    expect(await third.end('SIGINT')).toBe(0)
    expect(trial.postgres().filter(isAlive)).toEqual([])
  },
  400_000,
)

test.runIf(asRoot)('a folder that the user may not write to is told in one line', async () => {
  for (const folder of ['/usr', '/usr/colonnade']) {
    const settings = { ...trial.settings('unused'), COLONNADE_DATA: folder, PORT: '0' }
    const child = trial.spawn(['start'], settings, { uid: 65_534, gid: 65_534, home: '/' })
    expect(await child.ended).toBe(1)
    expect(child.output()).toMatch(new RegExp(`${folder} .*COLONNADE_DATA`))
    expect(child.output()).not.toContain('    at ')
  }
})

const programs = systemPostgres()

test.skipIf(!programs)(
  'everything runs on the Postgres of this system (skipped where there is none from 15 on)',
  async () => {
    const url = await startSystemPostgres(trial, programs ?? '')
    const settings = trial.settings('external', { DATABASE_URL: url })
    const serving = await trial.serve(['start'], settings)
    await hasSamples(serving.url)
    expect(existsSync(join(trial.data('external'), 'postgres'))).toBe(false)
    await trial.run(['seed', '--courses', '5', '--instructors', '20'], settings)
    const write = await fetch(`${serving.url}/api/instructors`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ firstName: 'External', lastName: 'Database' }),
    })
    expect(write.status).toBe(201)
    expect(await serving.end('SIGTERM')).toBe(0)
    expect(await trial.run(['migrate'], settings)).toContain('Everything is up to date')
  },
  300_000,
)

/** A disk of its own, where we may mount one. */
function smallDisk(name: string, options: string): string | undefined {
  const folder = trial.data(name)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'colonnade-test', folder], {
      stdio: 'ignore',
    })
    return folder
  } catch {
    return undefined
  }
}

test.each([
  ['full', 'size=8m', /The disk that holds .* is full: free some space/],
  ['readonly', 'ro', /Nothing can be kept in .*EROFS.*COLONNADE_DATA/],
])(
  'a disk that is %s is told in one line (skipped where none can be mounted)',
  async (name, options, said) => {
    const folder = smallDisk(name, options)
    if (!folder) return
    try {
      const settings = { ...trial.settings('unused'), COLONNADE_DATA: folder, PORT: '0' }
      const child = trial.spawn(['start'], settings)
      expect(await child.ended).toBe(1)
      expect(child.output()).toMatch(said)
      expect(child.output()).not.toContain('    at ')
    } finally {
      execFileSync('umount', [folder])
    }
  },
)
