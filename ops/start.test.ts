import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, expect, test } from 'vitest'
import { eventually } from './testing/colonnade.ts'
import { isAlive, Trial } from './testing/trial.ts'

const trial = new Trial()
afterAll(() => trial.close())

/** Settings of an installation on a data folder where the samples count as imported, which saves their time. */
function bare(name: string, more: Record<string, string> = {}) {
  const settings = trial.settings(name, more)
  writeFileSync(join(trial.data(name), 'samples-imported'), '')
  return settings
}

async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? String(address.port) : ''
  return { port, free: () => server.close() }
}

test('a taken port is told with the way out, and nothing is started', async () => {
  const { port, free } = await takenPort()
  const child = trial.spawn(['start'], bare('taken', { PORT: port }))
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain(`Port ${port} is taken`)
  expect(child.output()).toContain(`PORT=${Number(port) + 1} npm start`)
  expect(child.output()).not.toContain('    at ')
  expect(trial.postgres()).toEqual([])
  free()
})

test('a door that cannot be opened leaves no database behind, and says which', async () => {
  const { port, free } = await takenPort()
  const settings = bare('metrics', { PORT: String(await freePort()), METRICS_PORT: port })
  const child = trial.spawn(['start'], settings)
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain(`Port ${port} is taken`)
  expect(child.output()).not.toContain('    at ')
  expect(trial.postgres().filter(isAlive)).toEqual([])
  free()
}, 90_000)

test('serve, too, ends at a taken port', async () => {
  const { port, free } = await takenPort()
  const child = trial.spawn(['serve', 'proxy'], trial.settings('door', { PORT: port }))
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain(`Port ${port} is taken`)
  expect(child.output()).not.toContain('    at ')
  free()
})

test('a data folder that cannot be is told in one line, with the setting to change', async () => {
  const file = join(trial.data('nowhere'), 'file')
  writeFileSync(file, '')
  for (const folder of [file, join(file, 'data')]) {
    const settings = { ...trial.settings('nowhere'), COLONNADE_DATA: folder }
    const child = trial.spawn(['start'], { ...settings, PORT: String(await freePort()) })
    expect(await child.ended).toBe(1)
    expect(child.output()).toContain(folder)
    expect(child.output()).toContain('COLONNADE_DATA')
    expect(child.output()).not.toContain('    at ')
  }
})

test('a database that does not answer is told by the setting that names it', async () => {
  const port = await freePort()
  const settings = trial.settings('away', {
    PORT: String(await freePort()),
    DATABASE_URL: `postgres://somebody:secret@127.0.0.1:${port}/colonnade`,
  })
  const child = trial.spawn(['start'], settings)
  expect(await child.ended).toBe(1)
  expect(child.output()).toContain('DATABASE_URL')
  expect(child.output()).toContain(`127.0.0.1:${port}`)
  expect(child.output()).not.toContain('secret')
  expect(child.output()).not.toContain('    at ')
})

test('SIGTERM finishes the request in flight, takes no more, and leaves nothing running', async () => {
  const settings = bare('graceful')
  const serving = await trial.serve(['start'], settings)
  const database = trial.postgres().filter(isAlive)
  expect(database).toHaveLength(1)
  const body = JSON.stringify({ firstName: 'In', lastName: 'Flight' })
  const slow = request(`${serving.url}/api/instructors`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${trial.token}`,
      'Content-Type': 'application/json',
      'Content-Length': body.length,
    },
  })
  const answered = once(slow, 'response')
  slow.write(body.slice(0, 10))
  // The first half has to be there before the signal is.
  await new Promise((resolve) => setTimeout(resolve, 500))
  const ended = serving.end('SIGTERM')
  await eventually(async () => expect(serving.output()).toContain('Stopping (SIGTERM)'))
  await eventually(() => expect(fetch(`${serving.url}/healthz`)).rejects.toThrow())
  slow.end(body.slice(10))
  const [response] = await answered
  expect(response.statusCode).toBe(201)
  expect(await ended).toBe(0)
  expect(database.filter(isAlive)).toEqual([])
  expect(existsSync(join(trial.data('graceful'), 'run', `${serving.pid}.json`))).toBe(false)

  const again = await trial.serve(['start'], serving.settings)
  const { items } = await (await fetch(`${again.url}/api/instructors?q=Flight`)).json()
  expect(items).toMatchObject([{ firstName: 'In', lastName: 'Flight' }])
  expect(await again.end('SIGINT')).toBe(0)
  expect(trial.postgres().filter(isAlive)).toEqual([])
}, 120_000)

test('the first start prints the link to the role of administrator with several workers too', async () => {
  const {
    COLONNADE_SECRET: _,
    COLONNADE_API_TOKEN: __,
    ...settings
  } = bare('first', {
    PORT: String(await freePort()),
    WORKERS: '2',
  })
  const child = await trial.serve(['start'], settings)
  const link = await eventually(async () => {
    const found = /Become administrator, once, within a day: (\S+)/.exec(child.output())?.[1]
    if (!found) throw new Error(child.output())
    return new URL(found)
  })
  const token = link.searchParams.get('token') ?? ''
  const account = { name: 'Root', email: 'root@example.org', password: 'three columns and a beam' }
  const made = await fetch(`${child.url}/admin/link`, {
    method: 'POST',
    body: new URLSearchParams({ token, ...account }),
    headers: { Origin: child.url },
    redirect: 'manual',
  })
  expect([made.status, made.headers.get('location')]).toEqual([303, '/account'])
  expect(await child.end('SIGTERM')).toBe(0)
}, 120_000)
