import { Agent, request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { openTrial, type Trial } from './fixture/trial.ts'

let trial: Trial | undefined
afterEach(() => trial?.close())

const crowd = 10_000

/** All at once, over as many connections as there are requests to be answered at the same time. */
async function stampede(url: string, connections: number): Promise<Map<number, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const statuses = new Map<number, number>()
  await Promise.all(
    Array.from(
      { length: crowd },
      () =>
        new Promise<void>((resolve, reject) => {
          request(url, { agent }, (response) => {
            const status = response.statusCode ?? 0
            statuses.set(status, (statuses.get(status) ?? 0) + 1)
            response.resume().on('end', resolve)
          })
            .on('error', reject)
            .end()
        }),
    ),
  )
  agent.destroy()
  return statuses
}

test('10,000 requests for a cold page ask for each of its fragments once', async () => {
  trial = await openTrial()
  const { courses, reviews } = trial.parts
  // Half a budget long, so that the crowd is there before the page is.
  reviews.fixture.shown.pauseMs = 150
  expect(await stampede(`${trial.url}/learn/known`, 1000)).toEqual(new Map([[200, crowd]]))
  expect([courses.fixture.shown.calls, reviews.fixture.shown.calls]).toEqual([1, 1])
})

test('10,000 requests for a cold answer of the API ask its service once', async () => {
  trial = await openTrial()
  const { reviews } = trial.parts
  reviews.fixture.shown.gate = new Promise((resolve) => setTimeout(resolve, 300))
  expect(await stampede(`${trial.url}/api/reviews/1`, 1000)).toEqual(new Map([[200, crowd]]))
  expect(reviews.fixture.shown.reads).toBe(1)
})

test('with caches off, those who ask at the same time still share one page', async () => {
  trial = await openTrial({ cached: false })
  const { reviews } = trial.parts
  reviews.fixture.shown.pauseMs = 150
  expect(await stampede(`${trial.url}/learn/known`, 1000)).toEqual(new Map([[200, crowd]]))
  expect(reviews.fixture.shown.calls).toBeLessThan(crowd / 10)
})
