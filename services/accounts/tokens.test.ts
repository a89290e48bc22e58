import { localBackend, personHeader, readPeople } from '@colonnade/http'
import { decodeJwt, SignJWT } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import { openAccounts } from './fixture.ts'

let service: Awaited<ReturnType<typeof openAccounts>>
let ada: Awaited<ReturnType<typeof service.member>>
beforeAll(async () => {
  service = await openAccounts()
  ada = await service.member('ada@example.org')
})

const carrying = (token: string) => new Request('http://x/', { headers: { [personHeader]: token } })

/** A service's reader of tokens, and how often it asked accounts. */
function reader() {
  const asked: string[] = []
  const accounts = localBackend(service.running)
  const people = readPeople({
    fetch: (path, init) => {
      asked.push(path)
      return accounts.fetch(path, init)
    },
  })
  return { people, asked }
}

test('a session is exchanged for a token that every service reads without asking for it', async () => {
  const { token, seconds } = await service.client.exchange(ada.session)
  expect(seconds).toBeLessThan(60)
  const { people, asked } = reader()
  const me = await (await ada.get('/api/me')).json()
  for (let i = 0; i < 3; i++) {
    const person = await people.of(carrying(token ?? ''))
    expect(person).toEqual({ id: me.id, roles: ['learner'], session: expect.any(String) })
  }
  expect(asked).toEqual(['/.well-known/jwks.json'])
  const { exp = 0, iat = 0 } = decodeJwt(token ?? '')
  expect(exp - iat).toBeLessThan(60)
})

test('nobody is read from no token, a forged one, or one that was tampered with', async () => {
  const { people } = reader()
  const { token } = await service.client.exchange(ada.session)
  const [head = '', body = '', sign = ''] = (token ?? '').split('.')
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
  const raised = Buffer.from(JSON.stringify({ ...claims, roles: ['administrator'] }))
  const forged = await new SignJWT({ roles: ['administrator'], sid: 'x' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('colonnade accounts')
    .setSubject(claims.sub)
    .setIssuedAt()
    .setExpirationTime('50s')
    .sign(Buffer.from('a secret of somebody else, long enough'))
  for (const bad of ['x', forged, `${head}.${raised.toString('base64url')}.${sign}`]) {
    expect(await people.of(carrying(bad))).toBeUndefined()
  }
  expect(await people.of(new Request('http://x/'))).toBeUndefined()
  await expect(people.require(new Request('http://x/'))).rejects.toMatchObject({ status: 401 })
  const learner = people.require(carrying(token ?? ''), 'instructor')
  await expect(learner).rejects.toMatchObject({ status: 403 })
})

test('a session that was ended, or made up, gets no token', async () => {
  const other = service.visitor()
  await other.post('/sign-in', { email: 'ada@example.org', password: 'three columns and a beam' })
  const { session } = other
  expect((await service.client.exchange(session)).token).not.toBeNull()
  const page = await ada.text('/account')
  const end = /name="end" value="([^"]+)"/.exec(page)?.[1] ?? ''
  expect((await ada.post('/account/sessions', { end })).status).toBe(303)
  expect((await service.client.exchange(session)).token).toBeNull()
  const [value = ''] = decodeURIComponent(ada.session).split('.')
  // The session's own value, as the table holds it, without the signature.
  expect((await service.client.exchange(value)).token).toBeNull()
  expect((await service.client.exchange('made up')).token).toBeNull()
})

test('only services may exchange, and only public halves of keys are published', async () => {
  const refused = await service.get('/internal/exchange', { method: 'POST', body: '{}' })
  expect(refused.status).toBe(401)
  const { keys } = await (await service.get('/.well-known/jwks.json')).json()
  expect(Object.keys(keys[0]).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
})
