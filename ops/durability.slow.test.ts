import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from './testing/colonnade.ts'
import { look } from './testing/course-page.ts'
import { findCourse, installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import { Ledger, readAll } from './testing/ledger.ts'
import { writeSmallCourse } from './testing/small-course.ts'
import { whole } from './testing/suffer.ts'
import { isAlive, type Serving, Trial } from './testing/trial.ts'

const trial = new Trial()
afterAll(() => trial.close())

type Person = { firstName: string; lastName: string }
type Review = { text: string }

/** A thousand writes: people, the last of whom teach the course, and reviews of it. */
function ledger(url: () => string, courseId: number): Ledger {
  const mark = `m${crypto.randomUUID().slice(0, 8)}`
  const author = 'Learner'
  return new Ledger(url, trial.token, mark, [
    {
      path: '/api/instructors',
      count: 590,
      make: (name) => ({ firstName: name, lastName: mark }),
    },
    {
      path: '/api/instructors',
      count: 10,
      make: (name) => ({
        firstName: `Teacher ${name}`,
        lastName: mark,
        teaches: [{ courseId, role: 'assistant' }],
      }),
    },
    {
      path: `/api/courses/${courseId}/reviews`,
      count: 400,
      make: (name) => ({ learner: crypto.randomUUID(), author, stars: 5, text: name }),
    },
  ])
}

/** Every acknowledged write is there once, none twice, and all that follows has followed. */
async function audit(url: string, courseId: number, { mark }: Ledger): Promise<void> {
  const people = (await readAll<Person>(`${url}/api/instructors`)).filter(
    ({ lastName }) => lastName === mark,
  )
  expect(people).toHaveLength(600)
  expect(new Set(people.map(({ firstName }) => firstName)).size).toBe(600)
  const every = await readAll<Review>(`${url}/api/courses/${courseId}/reviews`)
  const reviews = every.filter(({ text }) => text.startsWith(mark))
  expect(reviews).toHaveLength(400)
  expect(new Set(reviews.map(({ text }) => text)).size).toBe(400)
  const summary = await (await fetch(`${url}/api/courses/${courseId}/reviews/summary`)).json()
  expect(summary.count).toBe(every.length)
  await eventually(async () => {
    const course = await (await fetch(`${url}/api/courses/${courseId}`)).json()
    expect([course.ratings, course.averageRating]).toEqual([summary.count, summary.average])
    const names = course.teachers.map(({ name }: { name: string }) => name)
    expect(names).toEqual(expect.arrayContaining([`Teacher ${mark}-9 ${mark}`]))
    const { html, away } = await look(url)
    expect(away).toBe(0)
    expect(html).toContain(`Teacher ${mark}-9 ${mark}`)
    expect(html).toContain(String(summary.average))
    expect(html).toContain(`"ratingCount":${summary.count}`)
  })
}

async function survives(url: () => string, courseId: number, kill: () => Promise<void>) {
  const written = ledger(url, courseId)
  await written.fill(kill)
  await audit(url(), courseId, written)
  await written.replay()
  await audit(url(), courseId, written)
}

describe('everything in one process', () => {
  let serving: Serving
  let courseId: number

  beforeAll(async () => {
    writeFileSync(join(trial.data('one'), 'samples-imported'), '')
    serving = await trial.serve(['start'], trial.settings('one'))
    await trial.run(['import', writeSmallCourse(trial.data('course'))], trial.settings('one'))
    courseId = await findCourse(serving.url)
  }, 120_000)

  test('the process is killed amid a thousand writes, twice in a row', async () => {
    await survives(
      () => serving.url,
      courseId,
      async () => {
        const [database = 0] = trial.postgres()
        for (let i = 0; i < 2; i++) {
          await serving.end('SIGKILL')
          serving = await trial.again(serving, ['start'])
        }
        // Taken over as it was left, not started beside it.
        expect(trial.postgres()).toEqual([database])
      },
    )
  }, 300_000)

  test('Postgres is killed amid a thousand writes', async () => {
    await survives(
      () => serving.url,
      courseId,
      async () => {
        process.kill(trial.postgres()[0] ?? 0, 'SIGKILL')
      },
    )
  }, 300_000)

  test('both are killed at once amid a thousand writes', async () => {
    await survives(
      () => serving.url,
      courseId,
      async () => {
        const [database = 0] = trial.postgres()
        process.kill(database, 'SIGKILL')
        await serving.end('SIGKILL')
        serving = await trial.again(serving, ['start'])
      },
    )
    await serving.end('SIGTERM')
    expect(trial.postgres().filter(isAlive)).toEqual([])
  }, 300_000)
})

describe('a process for each part', () => {
  let parts: Parts

  beforeAll(async () => {
    parts = await openParts(trial, await installedDatabase(trial), { split: true })
    await whole(parts)
  }, 120_000)
  afterAll(() => parts?.close())

  async function killAndRestart(...names: ('instructors' | 'reviews' | 'courses')[]) {
    await Promise.all(names.map((name) => parts.services[name].end('SIGKILL')))
    for (const name of names) {
      parts.services[name] = await trial.again(parts.services[name], ['serve', name])
    }
  }

  test('two services are killed amid a thousand writes', async () => {
    const kill = () => killAndRestart('instructors', 'reviews')
    await survives(() => parts.proxy.url, parts.courseId, kill)
  }, 300_000)

  test('the proxy is killed amid a thousand writes', async () => {
    await survives(
      () => parts.proxy.url,
      parts.courseId,
      () => parts.restartProxy(),
    )
  }, 300_000)

  test('an event nobody could take is delivered after all have died', async () => {
    await look(parts.proxy.url)
    // The proxy stands still, courses are dead: the event waits; then its teller dies with it.
    process.kill(parts.proxy.pid, 'SIGSTOP')
    await parts.services.courses.end('SIGKILL')
    const text = `Told late ${crypto.randomUUID()}`
    const response = await fetch(
      `${parts.services.reviews.url}/api/courses/${parts.courseId}/reviews`,
      {
        method: 'POST',
        headers: { Authorization: `Bearer ${trial.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ learner: crypto.randomUUID(), author: 'Late', stars: 1, text }),
      },
    )
    expect(response.status).toBe(201)
    await parts.services.reviews.end('SIGKILL')
    process.kill(parts.proxy.pid, 'SIGCONT')
    expect((await look(parts.proxy.url)).html).not.toContain(text)
    await killAndRestart('reviews', 'courses')
    await eventually(async () => {
      const summary = await fetch(
        `${parts.proxy.url}/api/courses/${parts.courseId}/reviews/summary`,
      )
      const { count } = await summary.json()
      const { html } = await look(parts.proxy.url)
      expect(html).toContain(text)
      expect(html).toContain(`"ratingCount":${count}`)
    })
  }, 120_000)
})
