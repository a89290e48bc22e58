import { faultServer } from '@colonnade/testing/fault-server'
import { afterEach, expect, test } from 'vitest'
import { remoteBackend } from './pool.ts'
import { listen } from './server.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function upstream(name: string) {
  let requests = 0
  const server = await listen({
    port: 0,
    host: '127.0.0.1',
    async fetch(request) {
      requests++
      return new Response(`${name} ${request.method} ${await request.text()}`)
    },
  })
  const fault = await faultServer('pass', `127.0.0.1:${server.port}`)
  closers.push(
    () => fault.close(),
    () => server.close(0),
  )
  return { fault, requests: () => requests }
}

function pool(...urls: string[]) {
  const backend = remoteBackend(urls)
  closers.unshift(() => backend.close())
  return backend
}

const name = async (response: Response) => (await response.text()).split(' ')[0]

test('requests go to the addresses in turn', async () => {
  const [a, b] = [await upstream('a'), await upstream('b')]
  const backend = pool(a.fault.url, b.fault.url)
  const names = []
  for (let i = 0; i < 4; i++) names.push(await name(await backend.fetch('/')))
  expect(names.sort()).toEqual(['a', 'a', 'b', 'b'])
})

test('when one dies no read is lost; it is left out, and taken back when it lives', async () => {
  const [a, b] = [await upstream('a'), await upstream('b')]
  const backend = pool(a.fault.url, b.fault.url)
  await b.fault.set('refuse')
  const answers = []
  for (let i = 0; i < 30; i++) answers.push((await backend.fetch('/')).status)
  expect(answers.every((status) => status === 200)).toBe(true)
  expect(backend.ejected()).toHaveLength(1)
  await b.fault.set('pass')
  for (let tries = 0; b.requests() === 0 && tries < 100; tries++) {
    await backend.fetch('/')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(b.requests()).toBeGreaterThan(0)
})

test('all that is under way at an address when it dies is tried elsewhere', async () => {
  const [a, b] = [await upstream('a'), await upstream('b')]
  await b.fault.set('hang')
  const backend = pool(a.fault.url, b.fault.url)
  const answers = Array.from({ length: 60 }, () => backend.fetch('/').then(name))
  await Promise.race(answers)
  await b.fault.set('refuse')
  expect(await Promise.all(answers)).toEqual(answers.map(() => 'a'))
})

test('a write is tried again only under an idempotency key', async () => {
  const [a, b] = [await upstream('a'), await upstream('b')]
  await a.fault.set('refuse')
  await b.fault.set('refuse')
  const backend = pool(a.fault.url, b.fault.url)
  await expect(backend.fetch('/', { method: 'POST', body: '{}' })).rejects.toThrow()
  await a.fault.set('pass')
  await b.fault.set('cut')
  const outcomes = []
  for (let i = 0; i < 4; i++) {
    const sent = backend.fetch('/', {
      method: 'POST',
      body: '{}',
      headers: { 'Idempotency-Key': String(i) },
    })
    outcomes.push(await sent.then(async (response) => await name(response).catch(() => 'cut')))
  }
  expect(outcomes).toContain('a')
})

test('retries are a tenth of requests at most, so that a broken service is not asked twice as much', async () => {
  const broken = await faultServer('garbage')
  closers.push(() => broken.close())
  const backend = pool(broken.url)
  let failed = 0
  for (let i = 0; i < 400; i++) await backend.fetch('/').catch(() => failed++)
  expect(failed).toBe(400)
  // As many in reserve as one address has connections, and a tenth of four hundred.
  expect(broken.connections).toBeGreaterThan(400)
  expect(broken.connections).toBeLessThanOrEqual(400 + 64 + 40)
})

test('a body that is not read to its end is let go', async () => {
  const huge = await faultServer('endless')
  closers.push(() => huge.close())
  const backend = pool(huge.url)
  const response = await backend.fetch('/')
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  expect(response.status).toBe(200)
})
