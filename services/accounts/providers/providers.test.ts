import { TOTP } from 'otpauth'
import { beforeAll, expect, test } from 'vitest'
import { goodPassword, openAccounts } from '../fixture.ts'
import { clientSecret, openSchool } from './fixture.ts'

let school: Awaited<ReturnType<typeof openSchool>>
let service: Awaited<ReturnType<typeof openAccounts>>
const logged: string[] = []
beforeAll(async () => {
  school = await openSchool()
  const env = {
    ...school.env,
    OIDC_AWAY_ISSUER: 'http://127.0.0.1:9',
    OIDC_AWAY_CLIENT_ID: 'x',
    OIDC_AWAY_CLIENT_SECRET: 'y',
  }
  service = await openAccounts(env, { logTo: { write: (line) => logged.push(line) } })
})

type Visitor = ReturnType<typeof service.visitor>

/** Goes to the school. @returns where its page is */
async function leave(visitor: Visitor, query = ''): Promise<string> {
  const answer = await visitor.get(`/sign-in/with?provider=school${query}`)
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}

const back = (visitor: Visitor, { pathname, search }: URL) => visitor.get(pathname + search)

/** Signs in with an account at the school. */
async function comeBy(account: string, visitor = service.visitor(), query = '') {
  const answer = await back(visitor, await school.signIn(account, await leave(visitor, query)))
  return { visitor, answer, status: answer.status, location: answer.headers.get('location') }
}

const idOf = async (visitor: Visitor) => (await (await visitor.get('/api/me')).json()).id

test('somebody new has an account at once, and is the same the next time, whatever their address is then', async () => {
  school.accounts.set('ada', { email: 'Ada@School.example', email_verified: true, name: 'Ada L.' })
  expect(await service.visitor().text('/sign-in?next=%2Flearn%2Fchance')).toContain(
    'href="/sign-in/with?provider=school&amp;next=%2Flearn%2Fchance"',
  )
  const first = await comeBy('ada', service.visitor(), '&next=%2Flearn%2Fchance')
  expect([first.status, first.location]).toEqual([303, '/learn/chance'])
  expect(await first.visitor.text('/account')).toContain('ada@school.example')
  school.accounts.set('ada', { email: 'ada@elsewhere.example', email_verified: false })
  const again = await comeBy('ada')
  expect(again.location).toBe('/account')
  expect(await idOf(again.visitor)).toBe(await idOf(first.visitor))
  // The session is new, whatever the browser came with, and nothing else is left in it.
  const planted = service.visitor()
  planted.cookies.set('colonnade.session_token', first.visitor.session)
  const { visitor } = await comeBy('ada', planted)
  expect(visitor.session).not.toBe(first.visitor.session)
  expect([...visitor.cookies.keys()].sort()).toEqual([
    'colonnade-signed-in',
    'colonnade.session_token',
  ])
})

test('an account with the same address is theirs when both sides have confirmed it', async () => {
  const member = await service.member('grace@example.org', '198.51.100.1')
  school.accounts.set('grace', { email: 'grace@example.org', email_verified: true })
  const { visitor } = await comeBy('grace')
  expect(await idOf(visitor)).toBe(await idOf(member))
  const form = { email: 'grace@example.org', password: goodPassword }
  expect((await service.visitor().post('/sign-in', form)).status).toBe(303)
})

test.each([
  [
    'the school has not confirmed it',
    { email: 'grace@example.org', email_verified: false },
    'has not',
  ],
  ['the school says nothing of it', { email: 'grace@example.org' }, 'has not confirmed'],
  ['there is none', { name: 'Nobody' }, 'did not tell'],
])('an address lets nobody in when %s', async (why, account, told) => {
  school.accounts.set(why, account)
  const { visitor, answer } = await comeBy(why)
  expect([answer.status, visitor.session, await answer.text()]).toEqual([
    422,
    '',
    expect.stringContaining(told),
  ])
  // Nor is it tied to anybody, so the next time is no better.
  expect((await comeBy(why)).status).toBe(422)
})

test('who wrote another’s address into our form does not get what the other has at the school', async () => {
  const form = { name: 'Mallory', email: 'victim@school.example', password: goodPassword }
  await service.visitor('198.51.100.2').post('/sign-up', form)
  school.accounts.set('victim', { email: 'victim@school.example', email_verified: true })
  const { visitor, answer } = await comeBy('victim')
  expect([answer.status, visitor.session]).toEqual([422, ''])
  expect(await answer.text()).toContain('nobody has confirmed yet')
})

test('an answer counts only in the browser that asked, once, and as it was given', async () => {
  school.accounts.set('eve', { email: 'eve@school.example', email_verified: true })
  const eve = service.visitor()
  const came = await school.signIn('eve', await leave(eve))
  const forged = new URL(came)
  forged.searchParams.set('state', 'forged')
  // Each refusal takes away what the browser has kept, so each is tried with a copy.
  const kept = new Map(eve.cookies)
  const attempt = async (url: URL, cookies = kept) => {
    const visitor = service.visitor()
    for (const [name, value] of cookies) visitor.cookies.set(name, value)
    const answer = await back(visitor, url)
    expect(visitor.cookies.has('colonnade.provider')).toBe(false)
    return [answer.status, visitor.session, /<div[^>]*role="alert"/.test(await answer.text())]
  }
  const refused = [422, '', true]
  expect(await attempt(forged)).toEqual(refused)
  forged.searchParams.delete('state')
  expect(await attempt(forged)).toEqual(refused)
  expect(await attempt(came, new Map())).toEqual(refused)
  expect(await attempt(came, new Map([['colonnade.provider', 'made%20up']]))).toEqual(refused)
  expect(await attempt(came, new Map([['colonnade.provider', '%']]))).toEqual(refused)
  // Another browser has begun too, and is given Eve's answer: it must not become Eve's.
  const victim = service.visitor()
  await leave(victim)
  expect(await attempt(came, victim.cookies)).toEqual(refused)
  const mixed = new URL(came)
  const theirs = new URL(await leave(victim))
  mixed.searchParams.set('state', theirs.searchParams.get('state') ?? '')
  expect(await attempt(mixed, victim.cookies)).toEqual(refused)

  // A code that was tried is spent, as it should be: a fresh one works once.
  const fresh = await school.signIn('eve', await leave(eve))
  const held = new Map(eve.cookies)
  expect((await back(eve, fresh)).status).toBe(303)
  expect(await attempt(fresh, held)).toEqual(refused)
})

test('who has a second factor is asked for it, by whatever way they come', async () => {
  const one = await service.member('twice@example.org', '198.51.100.3')
  const path = '/account/second-step'
  const html = await (await one.post(path, { do: 'begin', password: goodPassword })).text()
  const secret = /<code[^>]*>([A-Z2-7 ]{39})<\/code>/.exec(html)?.[1]?.replaceAll(' ', '') ?? ''
  const code = (ahead = 0) =>
    new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 })
  await one.post(path, { do: 'confirm', code: code() })
  school.accounts.set('twice', { email: 'twice@example.org', email_verified: true })
  const { visitor, location } = await comeBy('twice', service.visitor(), '&next=%2Flearn%2Fx')
  expect([location, visitor.session]).toEqual(['/sign-in/second-step?next=%2Flearn%2Fx', ''])
  const on = await visitor.post('/sign-in/second-step', { code: code(1), next: '/learn/x' })
  expect(on.headers.get('location')).toBe('/learn/x')
})

test('who came by the school alone sets a second factor up without a password, and turns it off with a code', async () => {
  school.accounts.set('sole', { email: 'sole@school.example', email_verified: true })
  const { visitor } = await comeBy('sole')
  const path = '/account/second-step'
  const html = await (await visitor.post(path, { do: 'begin' })).text()
  const secret = /<code[^>]*>([A-Z2-7 ]{39})<\/code>/.exec(html)?.[1]?.replaceAll(' ', '') ?? ''
  const totp = new TOTP({ secret })
  await visitor.post(path, { do: 'confirm', code: totp.generate() })
  expect((await visitor.post(path, { do: 'off' })).status).toBe(422)
  const code = totp.generate({ timestamp: Date.now() + 30_000 })
  expect((await visitor.post(path, { do: 'off', code })).status).toBe(303)
})

test('who changes their mind, and a school that is away, are told so; other ways stay', async () => {
  const visitor = service.visitor()
  const state = new URL(await leave(visitor)).searchParams.get('state')
  const no = await visitor.get(
    `/sign-in/from/school?${new URLSearchParams({ error: 'access_denied', state: state ?? '', iss: school.issuer })}`,
  )
  expect([no.status, await no.text()]).toEqual([
    422,
    expect.stringContaining('You did not sign in'),
  ])
  const away = await visitor.get('/sign-in/with?provider=away')
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '10'])
  expect((await visitor.get('/sign-in')).status).toBe(200)
  expect((await visitor.get('/sign-in/with?provider=none')).status).toBe(404)
  expect((await visitor.get('/es/sign-in')).status).toBe(200)
})

test('in Spanish they go on in Spanish', async () => {
  school.accounts.set('es', { email: 'es@school.example', email_verified: true })
  const visitor = service.visitor()
  const left = await visitor.get('/es/sign-in/with?provider=school')
  const came = await school.signIn('es', left.headers.get('location') ?? '')
  expect((await back(visitor, came)).headers.get('location')).toBe('/es/account')
  const long = await visitor.get(`/sign-in/with?provider=school&next=/${'x'.repeat(5000)}`)
  expect(long.headers.getSetCookie().join().length).toBeLessThan(3000)
})

test('what was logged of all this holds no secret', async () => {
  const text = logged.join('')
  expect(text).toContain('an answer of a provider was not taken')
  expect(text).toContain('a provider could not be asked')
  expect(text).not.toContain(clientSecret)
  expect(text).not.toMatch(/code=|state=|code_verifier|id_token|Bearer/)
})
