import { beforeAll, expect, test } from 'vitest'
import { goodPassword, openAccounts } from './fixture.ts'

let service: Awaited<ReturnType<typeof openAccounts>>
beforeAll(async () => {
  service = await openAccounts()
})

test('sign up, confirm by mail, sign out, sign in', async () => {
  const { visitor, letter, linkIn } = service
  const ada = visitor()
  const form = { name: '  Ada   Example ', email: 'Ada@Example.org', password: goodPassword }
  const sent = await ada.post('/sign-up', form)
  expect([sent.status, sent.headers.get('location')]).toEqual([303, '/sign-up?sent'])
  expect(ada.session).toBe('')
  const link = linkIn(await letter('ada@example.org'))
  expect(link.href).toMatch(/^http:\/\/localhost:3000\/verify\?token=/)
  // Looking at the link, as programs that read mails do, confirms nothing.
  expect((await ada.get(link.pathname + link.search)).status).toBe(200)
  const early = await ada.post('/sign-in', { email: form.email, password: goodPassword })
  expect([early.status, await early.text()]).toEqual([
    422,
    expect.stringContaining('not confirmed'),
  ])

  const token = link.searchParams.get('token') ?? ''
  const confirmed = await ada.post('/verify', { token })
  expect([confirmed.status, confirmed.headers.get('location')]).toEqual([303, '/account'])
  const cookie = confirmed.headers.getSetCookie().find((one) => one.includes('session_token')) ?? ''
  expect(cookie).toMatch(/^colonnade\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax/)
  expect(await ada.text('/account')).toContain('<h1>Ada Example</h1>')
  expect(await (await ada.get('/api/me')).json()).toMatchObject({
    id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
    name: 'Ada Example',
    roles: ['learner'],
  })

  const before = ada.session
  const out = await ada.post('/sign-out', {})
  expect(out.headers.get('location')).toBe('/')
  expect([...ada.cookies]).toEqual([])
  expect((await ada.get('/account')).headers.get('location')).toBe('/sign-in?next=%2Faccount')
  expect((await ada.get('/api/me')).status).toBe(204)
  const back = await ada.post('/sign-in', { ...form, next: '/learn/chance' })
  expect(back.headers.get('location')).toBe('/learn/chance')
  // A session that was known before signing in is of no use after.
  expect(ada.session).not.toBe(before)
  const elsewhere = await ada.post('/sign-in', { ...form, next: '//evil.example' })
  expect(elsewhere.headers.get('location')).toBe('/account')
})

test('pages are private, in both languages, and name their stylesheet', async () => {
  for (const path of ['/sign-in', '/sign-up', '/forgot', '/reset']) {
    const answer = await service.get(path)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('colonnade-page')).toBe('account')
    expect(answer.headers.get('colonnade-assets')).toBe('/assets/accounts/index.css')
    expect(await answer.text()).not.toMatch(/<script| style=/)
  }
  expect(await (await service.get('/es/sign-in')).text()).toContain('<h1>Entrar</h1>')
  const sent = await service.visitor().post('/es/forgot', { email: 'nobody@example.org' })
  expect(sent.headers.get('location')).toBe('/es/forgot?sent')
})

test('what cannot be taken is told beside its field, and what was written stays', async () => {
  const answer = await service.visitor().post('/sign-up', {
    name: '"><script>alert(1)</script>',
    email: 'no address',
    password: '1234567890',
  })
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).not.toContain('<script>')
  expect(html).toContain('This is no e-mail address.')
  expect(html).toContain('among the first that others would try')
  expect(html).toMatch(/aria-invalid="true" aria-describedby="password-error password-hint"/)
  expect(html).not.toContain('1234567890')
})

test('nothing tells whether an address has an account', async () => {
  await service.member('known@example.org', '198.51.100.1')
  const answers = async (email: string) => {
    const one = service.visitor('198.51.100.2')
    const up = await one.post('/sign-up', { name: 'X', email, password: goodPassword })
    const forgot = await one.post('/forgot', { email })
    const wrong = await one.post('/sign-in', { email, password: 'not the password' })
    const told = [up, forgot, wrong].map(({ status, headers }) => [
      status,
      headers.get('location'),
      headers.getSetCookie(),
    ])
    return [...told, (await wrong.text()).replaceAll(email, '')]
  }
  const known = await answers('known@example.org')
  expect(known).toEqual(await answers('stranger@example.org'))
  expect(known.slice(0, 3)).toEqual([
    [303, '/sign-up?sent', []],
    [303, '/forgot?sent', []],
    [422, null, []],
  ])
  const told = await service.letter('known@example.org', (subject) => subject.includes('have an'))
  expect(told).toContain('/forgot')
})

test('guessing is slowed for an account, whoever has it, and for an address', async () => {
  await service.member('target@example.org', '198.51.100.3')
  for (const email of ['target@example.org', 'nobody-there@example.org']) {
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) {
      const guess = { email, password: `wrong ${i}` }
      statuses.push((await service.visitor(`203.0.113.${i}`).post('/sign-in', guess)).status)
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 429, 429, 429])
    const right = { email, password: goodPassword }
    const late = await service.visitor('203.0.113.99').post('/sign-in', right)
    expect([late.status, Number(late.headers.get('retry-after'))]).toEqual([
      429,
      expect.any(Number),
    ])
  }
  const guesses = Array.from({ length: 60 }, (_, i) =>
    service
      .visitor('203.0.113.200')
      .post('/sign-in', { email: `g${i}@example.org`, password: 'x' }),
  )
  const refused = (await Promise.all(guesses)).filter(({ status }) => status === 429)
  expect(refused).toHaveLength(10)
})

test('a form from another site does nothing', async () => {
  const ada = await service.member('csrf@example.org', '198.51.100.4')
  const refused = [
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { 'Sec-Fetch-Site': 'none' },
  ]
  for (const headers of refused) {
    expect((await ada.post('/sign-out', {}, headers)).status).toBe(403)
  }
  const plain = (headers: Record<string, string>) =>
    ada.get('/sign-out', { method: 'POST', headers })
  expect((await plain({ Origin: 'https://evil.example' })).status).toBe(403)
  expect((await plain({ Origin: 'null' })).status).toBe(403)
  expect((await plain({})).status).toBe(403)
  expect((await ada.get('/account')).status).toBe(200)
  expect((await plain({ Origin: 'http://localhost:3000' })).status).toBe(303)
})

test('a forgotten password is set anew by mail, once, and ends every session', async () => {
  const ada = await service.member('forgetful@example.org', '198.51.100.5')
  const other = service.visitor('198.51.100.5')
  await other.post('/forgot', { email: 'forgetful@example.org' })
  const body = await service.letter('forgetful@example.org', (subject) => subject.includes('new'))
  const token = service.linkIn(body).searchParams.get('token') ?? ''
  const short = await other.post('/reset', { token, password: 'short' })
  expect(short.status).toBe(422)
  const done = await other.post('/reset', { token, password: 'a new beam on columns' })
  expect(done.headers.get('location')).toBe('/sign-in?reset')
  const again = await other.post('/reset', { token, password: 'another beam on columns' })
  expect(again.status).toBe(422)
  expect((await ada.get('/account')).status).toBe(303)
  const email = 'forgetful@example.org'
  expect((await other.post('/sign-in', { email, password: goodPassword })).status).toBe(422)
  const signedIn = await other.post('/sign-in', { email, password: 'a new beam on columns' })
  expect(signedIn.status).toBe(303)
})

test('whoever signs up on the way to a page comes to it, also from the mail', async () => {
  const one = service.visitor('203.0.113.77')
  const next = '/es/enrol/measuring-bread?code=a'
  const form = await one.text(`/es/sign-in?next=${encodeURIComponent(next)}`)
  expect(form).toContain(`/es/sign-up?next=${encodeURIComponent(next)}`)
  const email = 'on.the.way@example.org'
  await one.post('/es/sign-up', { name: 'On', email, password: goodPassword, next })
  const link = service.linkIn(await service.letter(email))
  expect(link.searchParams.get('next')).toBe(next)
  expect(await one.text(link.pathname + link.search)).toContain(`value="${next}"`)
  const token = link.searchParams.get('token') ?? ''
  const done = await one.post('/es/verify', { token, next })
  expect(done.headers.get('location')).toBe(next)
  const again = await one.get(`/sign-in?next=${encodeURIComponent(next)}`)
  expect(again.headers.get('location')).toBe(next)
  const elsewhere = await one.get(`/sign-in?next=${encodeURIComponent('//evil.example')}`)
  expect(elsewhere.headers.get('location')).toBe('/account')
})
