import { TOTP } from 'otpauth'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { makeAdminLink } from './admin-links.ts'
import { goodPassword, openAccounts } from './fixture.ts'

let service: Awaited<ReturnType<typeof openAccounts>>
type Visitor = Awaited<ReturnType<typeof service.member>>
beforeAll(async () => {
  service = await openAccounts()
})
// Only the date stands still, so that codes are those of moments that the test chooses.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const path = '/account/second-step'
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const codesIn = (html: string) => html.match(/\b[a-z2-9]{4}(-[a-z2-9]{4}){3}\b/g) ?? []

async function begin(visitor: Visitor) {
  const html = await (await visitor.post(path, { do: 'begin', password: goodPassword })).text()
  const typed = /<code[^>]*>([A-Z2-7 ]{39})<\/code>/.exec(html)?.[1] ?? ''
  const secret = typed.replaceAll(' ', '')
  const code = () => TOTP.generate({ secret: new TOTP({ secret }).secret })
  return { html, secret, code }
}

/** Somebody with a second factor, and the codes of their app. */
async function careful(email: string, client: string) {
  const visitor = await service.member(email, client)
  const { code, secret } = await begin(visitor)
  const done = await visitor.post(path, { do: 'confirm', code: code() })
  const recovery = codesIn(await done.text())
  later(30)
  return { visitor, email, client, code, secret, recovery }
}

/** A browser in which the password was right. */
async function halfway({ email, client }: { email: string; client: string }, next = '') {
  const visitor = service.visitor(client)
  const answer = await visitor.post('/sign-in', { email, password: goodPassword, next })
  return { visitor, location: answer.headers.get('location') }
}

const sessions = async (email: string) =>
  (
    await service.db.work`
      select from accounts.session s join accounts.person p on p.id = s.person_id
      where p.email = ${email}`
  ).length

test('it is set up with the password, by scanning or typing, and counts when a code confirms it', async () => {
  const ada = await service.member('ada@example.org', '192.0.2.1')
  const wrong = await ada.post(path, { do: 'begin', password: 'not the password' })
  expect([wrong.status, (await wrong.text()).includes('<svg')]).toEqual([422, false])
  const { html, secret, code } = await begin(ada)
  expect(html).toMatch(/<svg[^>]*role="img" aria-label="A QR code/)
  expect(html).not.toMatch(/ style=|<script/)
  const again = await ada.post(path, { do: 'confirm', code: '000000' })
  expect([again.status, (await again.text()).replaceAll(' ', '').includes(secret)]).toEqual([
    422,
    true,
  ])
  const unconfirmed = await halfway({ email: 'ada@example.org', client: '192.0.2.1' })
  expect(unconfirmed.location).toBe('/account')

  const done = await ada.post(path, {
    do: 'confirm',
    code: `${code().slice(0, 3)} ${code().slice(3)}`,
  })
  const codes = codesIn(await done.text())
  expect(new Set(codes).size).toBe(10)
  const kept = JSON.stringify([
    await service.db.work`select * from accounts.second_factor`,
    await service.db.work`select encode(digest, 'escape') from accounts.recovery_code`,
  ])
  for (const one of [secret, codes[0] ?? '']) expect(kept).not.toContain(one)
  const page = await ada.text(path)
  expect(page).toContain('You have 10 recovery codes left.')
  expect(codesIn(page)).toEqual([])
  expect(page.replaceAll(' ', '')).not.toContain(secret)
})

test('then the password begins no session: a code does, each once', async () => {
  const one = await careful('two@example.org', '192.0.2.2')
  const before = await sessions(one.email)
  const { visitor, location } = await halfway(one, '/learn/chance')
  expect(location).toBe('/sign-in/second-step?next=%2Flearn%2Fchance')
  expect([visitor.session, await sessions(one.email)]).toEqual(['', before])
  expect((await visitor.get('/account')).headers.get('location')).toMatch(/^\/sign-in/)
  expect((await visitor.get('/api/me')).status).toBe(204)

  const code = one.code()
  const wrong = await visitor.post('/sign-in/second-step', { code: '000000' })
  expect([wrong.status, visitor.session]).toEqual([422, ''])
  const right = await visitor.post('/sign-in/second-step', { code, next: '/learn/chance' })
  expect(right.headers.get('location')).toBe('/learn/chance')
  expect([...visitor.cookies.keys()].sort()).toEqual([
    'colonnade-signed-in',
    'colonnade.session_token',
  ])
  expect((await visitor.get('/account')).status).toBe(200)

  const replay = (await halfway(one)).visitor
  expect((await replay.post('/sign-in/second-step', { code })).status).toBe(422)
  later(30)
  const elsewhere = { code: one.code(), next: '//evil.example' }
  const evil = await replay.post('/sign-in/second-step', elsewhere)
  expect(evil.headers.get('location')).toBe('/account')
})

test('a code sent by two at once begins one session, and so does a half sign-in', async () => {
  const one = await careful('race@example.org', '192.0.2.3')
  const code = one.code()
  const [first, second] = [(await halfway(one)).visitor, (await halfway(one)).visitor]
  await Promise.all([first, second].map((each) => each.post('/sign-in/second-step', { code })))
  expect([first.session, second.session].filter(Boolean)).toHaveLength(1)
  const same = (await halfway(one)).visitor
  await Promise.all(
    one.recovery.slice(0, 2).map((each) => same.post('/sign-in/second-step', { code: each })),
  )
  // Of their first session and these two.
  expect(await sessions(one.email)).toBe(3)
})

test('a recovery code takes the place of the app, once, and only its owner’s does', async () => {
  const one = await careful('lost@example.org', '192.0.2.4')
  const other = await careful('other@example.org', '192.0.2.5')
  const [code = ''] = one.recovery
  const { visitor } = await halfway(one)
  const foreign = await visitor.post('/sign-in/second-step', { code: other.recovery[0] ?? '' })
  expect(foreign.status).toBe(422)
  const used = await visitor.post('/sign-in/second-step', { code: ` ${code.toUpperCase()}` })
  expect(used.headers.get('location')).toBe('/account/second-step?recovery')
  expect(await visitor.text('/account/second-step?recovery')).toContain('9 recovery codes left')
  const again = (await halfway(one)).visitor
  expect((await again.post('/sign-in/second-step', { code })).status).toBe(422)

  const renewed = await visitor.post(path, { do: 'codes', password: goodPassword })
  const fresh = codesIn(await renewed.text())
  expect(fresh).toHaveLength(10)
  expect((await again.post('/sign-in/second-step', { code: one.recovery[1] ?? '' })).status).toBe(
    422,
  )
  expect((await again.post('/sign-in/second-step', { code: fresh[1] ?? '' })).status).toBe(303)
})

test('guessing codes is slowed, from however many browsers', async () => {
  const one = await careful('guessed@example.org', '192.0.2.6')
  const statuses: number[] = []
  for (let i = 0; i < 7; i++) {
    const { visitor } = await halfway({ ...one, client: `203.0.113.${i}` })
    statuses.push((await visitor.post('/sign-in/second-step', { code: `00000${i}` })).status)
  }
  expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429])
  const { visitor } = await halfway({ ...one, client: '203.0.113.9' })
  const late = await visitor.post('/sign-in/second-step', { code: one.code() })
  expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([429, expect.any(Number)])
})

test('turning it off needs the password, and takes all of it away', async () => {
  const one = await careful('off@example.org', '192.0.2.7')
  const forms: Record<string, string>[] = [{}, { password: 'not it' }, { code: one.code() }]
  for (const form of forms) {
    expect((await one.visitor.post(path, { do: 'off', ...form })).status).toBe(422)
  }
  expect((await halfway(one)).location).toBe('/sign-in/second-step')
  await one.visitor.post(path, { do: 'off', password: goodPassword })
  expect((await halfway(one)).location).toBe('/account')
  const begun = (await halfway(one)).visitor
  // What was taken away can be set up anew, with another secret.
  expect((await begin(begun)).secret).not.toBe(one.secret)
})

test('neither without a half sign-in, nor with one that has ended, is there a second step', async () => {
  const one = await careful('ended@example.org', '192.0.2.8')
  const stranger = service.visitor('192.0.2.8')
  expect((await stranger.get('/sign-in/second-step')).headers.get('location')).toBe('/sign-in')
  const { visitor } = await halfway(one)
  expect((await visitor.get('/sign-in/second-step')).status).toBe(200)
  await service.db.work`update accounts.half_sign_in set expires_at = now()`
  const late = await visitor.post('/sign-in/second-step', { code: one.code() })
  expect([late.headers.get('location'), visitor.session]).toEqual(['/sign-in', ''])
})

test('the administrator’s link asks for the second step too, and is not used up before', async () => {
  const one = await careful('chief@example.org', '192.0.2.9')
  const link = await makeAdminLink(service.db.work)
  const token = new URLSearchParams(link.split('?')[1]).get('token') ?? ''
  const visitor = service.visitor('192.0.2.9')
  const form = { token, name: 'X', email: one.email, password: goodPassword }
  const half = await visitor.post('/admin/link', form)
  expect([half.status, visitor.session]).toEqual([303, ''])
  const next = new URLSearchParams(half.headers.get('location')?.split('?')[1]).get('next') ?? ''
  expect(next).toBe(link)
  const on = await visitor.post('/sign-in/second-step', { code: one.code(), next })
  expect(on.headers.get('location')).toBe(link)
  expect((await visitor.post('/admin/link', { token })).headers.get('location')).toBe('/account')
  expect((await visitor.get('/admin/mail')).status).toBe(200)
})
