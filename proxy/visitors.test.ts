import { createTrust, listen, personHeader } from '@colonnade/http'
import { expect, test } from 'vitest'
import { createExchange } from './exchange.ts'
import { createVisitors, isPlain } from './visitors.ts'

const trust = createTrust('a secret for tests')
const cookie = 'theme=dark; colonnade.session_token=abc.def'

/** Visitors whose accounts answer with `token`, or are away. */
function open(token: string | null | 'away') {
  const asked: unknown[] = []
  const backend = {
    async fetch(_path: string, init?: RequestInit) {
      asked.push(JSON.parse(String(init?.body)))
      if (token === 'away') throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })
      return Response.json({ token, seconds: 50 })
    },
  }
  const visitors = createVisitors(createExchange(backend, trust), 'https://learn.example')
  return { asked, visitors }
}

const ask = (headers: Record<string, string>, method = 'GET') =>
  new Request('https://learn.example/x', { method, headers })

async function passed(known: Request | Response): Promise<Headers> {
  if (known instanceof Response) throw new Error(`refused: ${known.status}`)
  return known.headers
}

test('a service sees the token and not the cookie; accounts is asked once', async () => {
  const { asked, visitors } = open('signed')
  const all = await Promise.all(
    Array.from({ length: 5 }, () => visitors.know(ask({ cookie }), 'reviews')),
  )
  for (const one of all) {
    const headers = await passed(one)
    expect([headers.get(personHeader), headers.get('cookie')]).toEqual(['signed', null])
  }
  await visitors.know(ask({ cookie }), 'courses')
  expect(asked).toEqual([{ session: 'abc.def' }])
  const own = await passed(await visitors.know(ask({ cookie }), 'accounts', '192.0.2.1'))
  expect([own.get('cookie'), own.get('colonnade-client')]).toEqual([cookie, '192.0.2.1'])
})

test('what comes through the listener is passed on whole, with its body', async () => {
  const { visitors } = open('signed')
  const server = await listen({
    port: 0,
    host: '127.0.0.1',
    async fetch(request) {
      const known = await visitors.know(request, 'reviews', '192.0.2.1')
      if (known instanceof Response) return known
      return new Response(`${known.headers.get(personHeader)} ${await known.text()}`)
    },
  })
  const headers = { cookie, 'Sec-Fetch-Site': 'same-origin' }
  const sent = await fetch(server.url, { method: 'POST', body: 'name=Ada', headers })
  expect(await sent.text()).toBe('signed name=Ada')
  expect(await (await fetch(server.url, { headers })).text()).toBe('signed ')
  await server.close()
})

test.each<[string, Record<string, string>, string, boolean]>([
  ['no cookie', {}, 'reviews', true],
  ['cookies of others', { cookie: 'theme=dark' }, 'reviews', true],
  ['a session', { cookie }, 'reviews', false],
  ['a person from outside', { 'colonnade-person': '' }, 'reviews', false],
  ['an address from outside', { 'colonnade-client': '127.0.0.1' }, 'reviews', false],
  ['an API token', { authorization: 'Bearer clnd_x' }, 'reviews', false],
  ['the operator’s token', { authorization: 'Bearer operator-token' }, 'reviews', true],
  ['accounts', {}, 'accounts', false],
])('whether a request goes as it came: %s', (_, headers, owner, plain) => {
  expect(isPlain((name) => headers[name], owner)).toBe(plain)
})

test('nobody says from outside who they are, or where they are', async () => {
  const { asked, visitors } = open('signed')
  const forged = { [personHeader]: 'me', 'Colonnade-Client': '127.0.0.1' }
  const headers = await passed(await visitors.know(ask(forged), 'reviews', '192.0.2.1'))
  expect([headers.get(personHeader), headers.get('colonnade-client')]).toEqual([null, '192.0.2.1'])
  expect(asked).toEqual([])
})

test('a cookie changes nothing for another site', async () => {
  const { visitors } = open('signed')
  const status = async (headers: Record<string, string>) => {
    const known = await visitors.know(ask({ cookie, ...headers }, 'POST'), 'reviews')
    return known instanceof Response ? known.status : 'passed'
  }
  expect(await status({})).toBe(403)
  expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403)
  expect(await status({ Origin: 'https://evil.example' })).toBe(403)
  expect(await status({ Origin: 'https://learn.example' })).toBe('passed')
  expect(await status({ 'Sec-Fetch-Site': 'same-origin' })).toBe('passed')
})

test('with accounts away reads go on as nobody’s, and writes are put off', async () => {
  const { visitors } = open('away')
  const read = await passed(await visitors.know(ask({ cookie }), 'reviews'))
  expect(read.get(personHeader)).toBeNull()
  const write = ask({ cookie, 'Sec-Fetch-Site': 'same-origin' }, 'POST')
  const put = await visitors.know(write, 'reviews')
  expect(put instanceof Response && put.status).toBe(503)
})

test('a service sees a signed token in the place of an API token, whatever cookies come with it', async () => {
  const { asked, visitors } = open('signed')
  const headers = { authorization: 'Bearer clnd_abc', cookie, 'Sec-Fetch-Site': 'same-origin' }
  for (const method of ['GET', 'POST', 'GET']) {
    const passedOn = await passed(await visitors.know(ask(headers, method), 'reviews'))
    const names = [personHeader, 'authorization', 'cookie'].map((name) => passedOn.get(name))
    expect(names).toEqual(['signed', null, null])
  }
  expect(asked).toEqual([{ token: 'clnd_abc' }])
})

test('an API token that is none is refused; with accounts away it goes on as it came', async () => {
  const headers = { authorization: 'Bearer clnd_abc' }
  const refused = await open(null).visitors.know(ask(headers), 'reviews')
  if (!(refused instanceof Response)) throw new Error('passed')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    'Bearer error="invalid_token"',
  ])
  const on = await passed(await open('away').visitors.know(ask(headers, 'POST'), 'reviews'))
  expect([on.get('authorization'), on.get(personHeader)]).toEqual(['Bearer clnd_abc', null])
})
