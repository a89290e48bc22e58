import { afterEach, expect, test } from 'vitest'
import { inTime } from './in-time.ts'
import type { RunningService } from './service.ts'

let guarded: RunningService
afterEach(() => guarded.close?.())

const never = new Promise<never>(() => {})
const request = (path: string) => new Request(`http://inside${path}`)

/** A service whose answers wait for `answer`, and whose database is as `ready` says. */
function open(answer: Promise<Response>, ready: () => Promise<unknown>): void {
  guarded = inTime(
    { patient: ['/api/imports', '/api/courses/:id/regrade'] },
    {
      app: { fetch: () => answer },
      fast: () => answer.then(() => ({ status: 200, headers: {}, body: 'fast' })),
      ready,
    },
  )
}

test('a silent database is told as 503, on both ways', async () => {
  open(never, () => never)
  const answer = await guarded.app.fetch(request('/api/things'))
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await guarded.fast?.('/api/things', '')).toMatchObject({
    status: 503,
    headers: { 'Retry-After': '1' },
  })
})

test('one that says it is away, too', async () => {
  open(never, () => Promise.reject(new Error('away')))
  expect((await guarded.app.fetch(request('/api/things'))).status).toBe(503)
})

test('a database is not blamed for a process that is held up itself', async () => {
  const slow = new Promise<Response>((resolve) => {
    setTimeout(() => resolve(new Response('at last')), 1600)
  })
  // What the database says within 170 ms is heard late: this process is busy for 180 ms at a time.
  open(slow, () => new Promise((resolve) => setTimeout(resolve, 170)))
  const held = setInterval(() => {
    for (const until = performance.now() + 180; performance.now() < until; );
  }, 1)
  const answer = await guarded.app.fetch(request('/api/things'))
  clearInterval(held)
  expect(await answer.text()).toBe('at last')
})

test('one that answers is waited for, and so is what may take minutes', async () => {
  let finish: (answer: Response) => void = () => {}
  const slow = new Promise<Response>((resolve) => {
    finish = resolve
  })
  open(slow, async () => true)
  const waited = guarded.app.fetch(request('/api/things'))
  await new Promise((resolve) => setTimeout(resolve, 1200))
  finish(new Response('at last'))
  expect(await (await waited).text()).toBe('at last')

  open(never, () => never)
  const patient = Promise.race([
    guarded.app.fetch(request('/api/imports')),
    guarded.app.fetch(request('/api/courses/7/regrade')),
    new Promise((resolve) => setTimeout(resolve, 1200, 'still waiting')),
  ])
  expect(await patient).toBe('still waiting')
})

test('a failure passes through', async () => {
  open(Promise.reject(new Error('a bug')), async () => true)
  await expect(guarded.app.fetch(request('/api/things'))).rejects.toThrow('a bug')
})
