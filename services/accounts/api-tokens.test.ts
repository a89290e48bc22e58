import { localBackend, personHeader, readPeople } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import { openAccounts } from './fixture.ts'
import { setRoles } from './queries/accounts.ts'

let service: Awaited<ReturnType<typeof openAccounts>>
let ada: Awaited<ReturnType<typeof service.member>>
beforeAll(async () => {
  service = await openAccounts()
  ada = await service.member('ada@example.org')
})

const writing = { name: 'reviews:write', role: 'administrator' } as const
const reading = { name: 'account:read', role: 'learner' } as const

/** Makes a token by the form. @returns the page it was shown on, and the token */
async function make(form: Record<string, string>, visitor = ada) {
  const answer = await visitor.post('/account/tokens', { name: 'Deploy', days: '90', ...form })
  const html = await answer.text()
  return { status: answer.status, html, token: /clnd_[\w-]{43}/.exec(html)?.[0] ?? '' }
}

const carrying = (token: string) => new Request('http://x/', { headers: { [personHeader]: token } })

async function give(email: string, ...roles: ('learner' | 'instructor' | 'administrator')[]) {
  const [row] = await service.db.work<{ id: string }[]>`
    select id from accounts.person where email = ${email}`
  await setRoles(service.db.work, row?.id ?? '', roles)
}

test('a token is shown once, kept as a digest, listed and revoked', async () => {
  const { token, status } = await make({ scope: 'account:read', name: ' CI   <b> ' })
  expect([status, token.length]).toEqual([200, 48])
  const page = await ada.text('/account/tokens')
  expect(page).toContain('CI &lt;b&gt;')
  expect(page).toContain('never used')
  expect(page).not.toContain(token)
  const rows = JSON.stringify(await service.db.work`select * from accounts.api_token`)
  expect(rows).not.toContain(token.slice(5))

  const exchanged = await service.client.exchangeApiToken(token)
  expect(exchanged.seconds).toBeLessThan(60)
  expect(await ada.text('/account/tokens')).toContain('last used')
  const revoke = /name="revoke" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const other = await service.member('other@example.org', '192.0.2.2')
  expect((await other.post('/account/tokens', { revoke })).status).toBe(404)
  expect((await ada.post('/account/tokens', { revoke })).status).toBe(303)
  expect((await service.client.exchangeApiToken(token)).token).toBeNull()
  expect((await ada.post('/account/tokens', { revoke })).status).toBe(404)
})

test('a program may what its scopes say, as long as its owner has the role', async () => {
  const people = readPeople(localBackend(service.running))
  await give('ada@example.org', 'learner', 'administrator')
  const { token } = await make({ scope: 'reviews:write' })
  const signed = async () => (await service.client.exchangeApiToken(token)).token ?? ''
  const me = await (await ada.get('/api/me')).json()
  expect(await people.may(carrying(await signed()), writing, 'token')).toMatchObject({
    id: me.id,
    scopes: ['reviews:write'],
  })
  const lacking = people.may(carrying(await signed()), reading, 'token')
  await expect(lacking).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('account:read'),
    headers: { 'WWW-Authenticate': expect.stringContaining('insufficient_scope') },
  })
  // What asks for somebody who is signed in is not for programs.
  expect(await people.of(carrying(await signed()))).toBeUndefined()
  await expect(people.require(carrying(await signed()))).rejects.toMatchObject({ status: 401 })

  // Somebody has to stay administrator.
  await service.member('root@example.org', '192.0.2.9')
  await give('root@example.org', 'learner', 'administrator')
  await give('ada@example.org', 'learner')
  const late = people.may(carrying(await signed()), writing, 'token')
  await expect(late).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('role'),
  })
  const { token: session } = await service.client.exchange(ada.session)
  const signedIn = people.may(carrying(session ?? ''), reading, 'token')
  await expect(signedIn).rejects.toMatchObject({ status: 401 })
  expect((await people.may(carrying(session ?? ''), reading)).id).toBe(me.id)
  const unexchanged = new Request('http://x/', { headers: { Authorization: `Bearer ${token}` } })
  await expect(people.may(unexchanged, reading)).rejects.toMatchObject({ status: 503 })
})

test('nobody makes a token for what they may not do themselves, or for nothing', async () => {
  const learner = await service.member('learner@example.org', '192.0.2.3')
  expect(await learner.text('/account/tokens')).not.toContain('reviews:write')
  const forms: Record<string, string>[] = [
    { scope: 'reviews:write' },
    {},
    { scope: 'account:read', name: ' ' },
  ]
  for (const form of forms) {
    expect(await make(form, learner)).toMatchObject({ status: 422, token: '' })
  }
  expect((await make({ scope: 'account:read', days: '99999' }, learner)).status).toBe(404)
  expect((await make({ scope: 'account:read' }, learner)).token).not.toBe('')
})

test('a token ends with its day, and with its owner’s account', async () => {
  const { token } = await make({ scope: 'account:read' })
  expect((await service.client.exchangeApiToken(token)).token).not.toBeNull()
  await service.db.work`update accounts.api_token set expires_at = now() - interval '1 second'`
  expect((await service.client.exchangeApiToken(token)).token).toBeNull()
  expect(await ada.text('/account/tokens')).toContain('expired on')
})

test('whose token it is is told with the scope for it', async () => {
  const ask = async (token: string) => {
    const { token: signed } = await service.client.exchangeApiToken(token)
    return await service.get('/api/me', { headers: { [personHeader]: signed ?? '' } })
  }
  await give('ada@example.org', 'learner', 'administrator')
  expect((await ask((await make({ scope: 'reviews:write' })).token)).status).toBe(403)
  const answer = await ask((await make({ scope: 'account:read' })).token)
  expect(await answer.json()).toMatchObject({ name: 'Ada Example' })
})
