import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Api } from './api.ts'
import { idInPath, text } from './fields.ts'
import { type HttpServer, listen } from './server.ts'
import { createTrust, isOperator } from './token.ts'

const api = new Api('the operator')
api.endpoint(
  {
    method: 'put',
    path: '/api/things/:id',
    operation: 'putThing',
    summary: 'Replace a thing',
    tag: 'things',
    operator: true,
    params: z.object({ id: idInPath }),
    query: z.object({ dry: z.enum(['yes', 'no']).optional() }),
    body: z.strictObject({ name: text(10) }),
    limit: 200,
    answers: { 200: { description: 'The thing.', body: z.object({ id: z.number() }) } },
  },
  ({ params, body }) => Response.json({ ...params, ...body }),
)
api.endpoint(
  {
    method: 'get',
    path: '/api/broken',
    operation: 'broken',
    summary: 'Fails',
    tag: 'things',
    answers: {},
  },
  () => {
    throw new Error('a secret in a stack trace')
  },
)

type Change = { id?: string; token?: string; type?: string; body?: BodyInit; query?: string }

const put = (change: Change = {}) =>
  api.app.request(`/api/things/${change.id ?? '1'}${change.query ?? ''}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${change.token ?? 'the operator'}`,
      'content-type': change.type ?? 'application/json',
    },
    body: change.body ?? '{"name":"ok"}',
  })

test('what is right is answered', async () => {
  const response = await put()
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ id: 1, name: 'ok' })
})

test.each<[string, Change, number]>([
  ['no token', { token: '' }, 401],
  ['another token', { token: 'the operatox' }, 401],
  ['another type', { type: 'text/plain' }, 415],
  ['broken JSON', { body: '{"name":' }, 400],
  ['broken UTF-8', { body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]) }, 400],
  ['too large', { body: JSON.stringify({ name: 'x'.repeat(300) }) }, 413],
  ['wrong type', { body: '{"name":1}' }, 422],
  ['unknown field', { body: '{"name":"ok","more":1}' }, 422],
  ['an empty name', { body: '{"name":"  "}' }, 422],
  ['NUL', { body: '{"name":"a\\u0000b"}' }, 422],
  ['half a character', { body: '{"name":"\\ud800"}' }, 422],
  ['a wrong parameter', { query: '?dry=perhaps' }, 422],
  ['no number', { id: 'abc' }, 404],
  ['zero', { id: '0' }, 404],
  ['beyond 2^53', { id: '9007199254740993' }, 404],
  ['beyond 64 bits', { id: '99999999999999999999' }, 404],
])('%s', async (_, change, status) => {
  const response = await put(change)
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ status })
})

test('each wrong field is named', async () => {
  const problem = (await (await put({ body: '{"name":1}' })).json()) as {
    errors: { path: string }[]
  }
  expect(problem.errors.map(({ path }) => path)).toEqual(['/name'])
})

test('another method is 405 and names what is allowed', async () => {
  const response = await api.app.request('/api/things/1', { method: 'POST' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('PUT')
})

test('a bug is 500, carries a request id and reveals nothing', async () => {
  const logged: unknown[] = []
  const error = console.error
  console.error = (...all: unknown[]) => logged.push(all)
  const response = await api.app.request('/api/broken')
  console.error = error
  const body = await response.text()
  expect(response.status).toBe(500)
  expect(body).not.toContain('secret')
  const { requestId } = JSON.parse(body) as { requestId: string }
  expect(JSON.stringify(logged)).toContain(requestId)
})

test('the document names every answer that the checks can give', () => {
  const { paths } = api.openApi()
  const operation = paths['/api/things/{id}']?.put as { responses: object; security: object[] }
  expect(Object.keys(operation.responses)).toEqual([
    '200',
    '400',
    '401',
    '404',
    '413',
    '415',
    '422',
    '429',
    '503',
  ])
  expect(operation.security).toEqual([{ operator: [] }])
})

test('an empty token in the settings lets nobody in', () => {
  expect(isOperator('Bearer ', '')).toBe(false)
  expect(isOperator(undefined, '')).toBe(false)
})

test('a forged or foreign service token is refused', async () => {
  const trust = createTrust('one')
  expect(await trust.check(await trust.header())).toBe(true)
  expect(await trust.check(await createTrust('two').header())).toBe(false)
  expect(await trust.check('Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJjb2xvbm5hZGUifQ.')).toBe(false)
})

const servers: HttpServer[] = []
afterAll(() => Promise.all(servers.map((server) => server.close(0))))

test('who leaves says so on every answer, and is not ready any more', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1', fetch: () => new Response('done') })
  servers.push(server)
  const ask = async (path: string) => {
    const answer = await fetch(server.url + path)
    await answer.text()
    return [answer.status, answer.headers.get('connection')]
  }
  expect(await ask('/readyz')).toEqual([200, 'keep-alive'])
  const closed = server.close(5000, { drainMs: 400 })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await ask('/')).toEqual([200, 'close'])
  expect(await ask('/readyz')).toEqual([503, 'close'])
  await closed
  await expect(fetch(server.url)).rejects.toThrow()
})

test('who is replaced is as ready as its successor', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1', fetch: () => new Response('done') })
  servers.push(server)
  await (await fetch(server.url)).text()
  const closed = server.close(5000, { drainMs: 400, replaced: true })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
  await closed
})

test('where nobody holds a connection there is nobody to wait for', async () => {
  const server = await listen({ port: 0, host: '127.0.0.1', fetch: () => new Response('done') })
  await server.close(5000, { drainMs: 3_600_000 })
})

test('closing finishes what is in flight and takes nothing new', async () => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const server = await listen({
    port: 0,
    host: '127.0.0.1',
    async fetch() {
      await held
      return new Response('done')
    },
  })
  servers.push(server)
  const inFlight = fetch(server.url)
  await new Promise((resolve) => setTimeout(resolve, 100))
  const closed = server.close(5000)
  await expect(fetch(server.url)).rejects.toThrow()
  release()
  expect(await (await inFlight).text()).toBe('done')
  await closed
})

test('JSON that is nested too deep is refused before it is read', async () => {
  const response = await put({ body: `{"name":${'['.repeat(150)}` })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('nested deeper than 100 levels')
})
