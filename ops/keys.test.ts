import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { accountsClient } from '@colonnade/accounts/contract'
import type { Proxy } from '@colonnade/proxy'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { services } from './services.ts'
import { openDoors, operatorToken, origin } from './testing/doors.ts'

const password = 'three columns and a beam'
let doors: Awaited<ReturnType<typeof openDoors>>
let door: typeof doors.door
beforeAll(async () => {
  doors = await openDoors()
  door = doors.door
})
afterAll(() => doors.close())

let moved = 0
const now = performance.now.bind(performance)
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.spyOn(performance, 'now').mockImplementation(() => now() + moved)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})
/** Every clock of this process goes on at once; the database's does not. */
function later(seconds: number): void {
  moved += seconds * 1000
  vi.setSystemTime(Date.now() + seconds * 1000)
}

/** A form from one of our pages. */
const send = (cookie: string, form: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(form),
  headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' },
})
const sessionIn = (answer: Response) =>
  /^colonnade\.session_token=[^;]+/.exec(answer.headers.getSetCookie().join('\n'))?.[0] ?? ''

let made = 0
/** An administrator, signed in. */
async function administrator() {
  const email = `chief-${made++}@example.org`
  const { path } = await accountsClient(doors.backend('accounts'), doors.trust).makeAdminLink()
  const token = new URLSearchParams(path.split('?')[1]).get('token') ?? ''
  const answer = await door('/admin/link', send('', { token, name: 'Chief', email, password }))
  const cookie = sessionIn(answer)
  expect(cookie).not.toBe('')
  return { email, cookie }
}

async function makeToken(cookie: string, scope: string) {
  const form = { name: 'Deploy', scope, days: '7' }
  const html = await (await door('/account/tokens', send(cookie, form))).text()
  const token = /clnd_[\w-]{43}/.exec(html)?.[0] ?? ''
  const revoke = /name="revoke" value="([^"]+)"/.exec(html)?.[1] ?? ''
  return { token, revoke }
}

const review = (authorization: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { Authorization: authorization, 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify({
    learner: crypto.randomUUID(),
    author: 'Ada',
    stars: 5,
    text: 'Clear.',
  }),
})
const reviewsPath = '/api/courses/1/reviews'

test('a program writes at every service with a token of its owner, as far as the scopes go', async () => {
  const { cookie } = await administrator()
  const { token } = await makeToken(cookie, 'reviews:write')
  const bearer = `Bearer ${token}`
  const written = await door(reviewsPath, review(bearer))
  expect([written.status, await written.clone().text()]).toEqual([201, expect.any(String)])
  expect((await door(reviewsPath, review(`Bearer ${operatorToken}`))).status).toBe(201)

  const read = await makeToken(cookie, 'account:read')
  const refusals = [
    await door(reviewsPath, review(`Bearer ${read.token}`)),
    await door(reviewsPath, review(`Bearer clnd_${'x'.repeat(43)}`)),
    await door(reviewsPath, review('Bearer something else')),
  ]
  const told = await Promise.all(
    refusals.map(async (one) => [one.status, (await one.json()).detail]),
  )
  expect(told).toEqual([
    [403, 'This token lacks the scope reviews:write.'],
    [401, expect.stringContaining('expired, was revoked, or was never one')],
    [401, expect.stringContaining('with the scope reviews:write')],
  ])
  const me = await door('/api/me', { headers: { Authorization: `Bearer ${read.token}` } })
  expect(await me.json()).toMatchObject({ name: 'Chief' })
  // A token that is none is told so where nobody needs one, too.
  const lost = { headers: { Authorization: 'Bearer clnd_lost' } }
  expect((await door(reviewsPath, lost)).status).toBe(401)
  expect((await door(reviewsPath, { headers: { Authorization: bearer } })).status).toBe(200)
  expect((await door('/api/whoami', { headers: { Authorization: bearer } })).status).toBe(200)
})

test('the same Idempotency-Key of two people is two keys', async () => {
  const mine = await makeToken((await administrator()).cookie, 'reviews:write')
  const theirs = await makeToken((await administrator()).cookie, 'reviews:write')
  const key = { 'Idempotency-Key': crypto.randomUUID() }
  const first = review(`Bearer ${mine.token}`, key)
  const ids = []
  for (const init of [first, first, review(`Bearer ${theirs.token}`, key)]) {
    const answer = await door(reviewsPath, init)
    expect(answer.status).toBe(201)
    ids.push((await answer.json()).id)
  }
  expect(new Set(ids).size).toBe(2)
  expect(ids[0]).toBe(ids[1])
})

test('a service that is reached without a proxy takes tokens too, or says that it cannot', async () => {
  const { token } = await makeToken((await administrator()).cookie, 'reviews:write')
  const host = doors.openHost()
  const ask = async (bearer: string, at = host) =>
    (await at.fetch(new Request(origin + reviewsPath, review(`Bearer ${bearer}`)))).status
  expect(await ask(token)).toBe(201)
  expect(await ask('clnd_made-up')).toBe(401)
  doors.away.add('accounts')
  // Known for as long as its signed token is; a process that has not seen it cannot know.
  expect([await ask(token), await ask(token, doors.openHost())]).toEqual([201, 503])
  doors.away.clear()
})

test('a session and a token that were ended stop within a minute, everywhere', async () => {
  const { email, cookie } = await administrator()
  const other = sessionIn(await door('/sign-in', send('', { email, password })))
  const { token, revoke } = await makeToken(cookie, 'reviews:write')
  const whoami = { headers: { Cookie: other } }
  const at = async (proxy: Proxy) => {
    const ask = (path: string, init: RequestInit) => proxy.fetch(new Request(origin + path, init))
    const { id } = await (await ask('/api/whoami', whoami)).json()
    return [id !== null, (await ask(reviewsPath, review(`Bearer ${token}`))).status === 201]
  }
  const everywhere = async () => (await Promise.all(doors.proxies.map(at))).flat()
  expect(await everywhere()).toEqual([true, true, true, true])
  const { signed } = await (await door('/api/whoami', whoami)).json()
  expect(await doors.knows(signed)).toBe(true)

  const page = await (await door('/account', { headers: { Cookie: cookie } })).text()
  const end = /name="end" value="([^"]+)"/.exec(page)?.[1] ?? ''
  expect((await door('/account/sessions', send(cookie, { end }))).status).toBe(303)
  expect((await door('/account/tokens', send(cookie, { revoke }))).status).toBe(303)
  // What asks accounts itself knows at once.
  const account = await door('/account', { headers: { Cookie: other } })
  expect(account.headers.get('location')).toMatch(/^\/sign-in/)
  later(41)
  expect(await everywhere()).toEqual([false, false, false, false])
  later(19)
  expect(await doors.knows(signed)).toBe(false)
  // Who ended them goes on.
  expect((await door('/account', { headers: { Cookie: cookie } })).status).toBe(200)
})

test('nothing that was logged holds a password, a session or a token', async () => {
  const said: string[] = []
  vi.spyOn(console, 'error').mockImplementation(
    (...parts) => void said.push(inspect(parts, { depth: 6 })),
  )
  const { cookie } = await administrator()
  const { token } = await makeToken(cookie, 'reviews:write')
  const db = doors.databases.get('accounts')
  if (!db) throw new Error('accounts have no database')
  // Statements that fail, with secrets among what they were given.
  await db.work`alter table accounts.api_token rename to hidden`
  later(41)
  expect((await door(reviewsPath, review(`Bearer ${token}`))).status).toBe(503)
  expect((await door('/account/tokens', { headers: { Cookie: cookie } })).status).toBe(500)
  await db.work`alter table accounts.hidden rename to api_token`
  await door('/sign-in', send('', { email: 'nobody@example.org', password: 'a secret of theirs' }))
  const all = [...doors.logged, ...said].join('\n')
  // What failed is told, and nothing of what it was given.
  expect(all).toContain('accounts.api_token')
  const session = cookie.split('=')[1] ?? ''
  for (const secret of [token, session, session.split('.')[0] ?? '', password, 'a secret of']) {
    expect(all).not.toContain(secret)
  }
})

test('docs/permissions.md names every scope, and the role that it needs', () => {
  const document = readFileSync(join(import.meta.dirname, '../docs/permissions.md'), 'utf8')
  const written = [...document.matchAll(/^\| `([a-z]+:[a-z]+)` \| (\w+) \|/gm)]
  const declared = services.flatMap(({ scopes = [] }) => scopes)
  expect(written.map(([, name, role]) => `${name} ${role}`).sort()).toEqual(
    declared.map(({ name, role }) => `${name} ${role}`).sort(),
  )
})
