import { readPermissions } from '@colonnade/testing/permissions'
import { beforeAll, expect, test } from 'vitest'
import { makeAdminLink } from '../admin-links.ts'
import { openAccounts } from '../fixture.ts'
import { setRoles } from '../queries/accounts.ts'
import { personal } from './paths.ts'

const rows = readPermissions('accounts')

type Visitor = Awaited<ReturnType<Awaited<ReturnType<typeof openAccounts>>['member']>>
let service: Awaited<ReturnType<typeof openAccounts>>
const visitors = new Map<string, Visitor>()

beforeAll(async () => {
  service = await openAccounts()
  visitors.set('nobody', service.visitor())
  for (const role of ['learner', 'instructor', 'administrator'] as const) {
    const email = `${role}@example.org`
    const one = await service.member(email)
    visitors.set(role, one)
    const { id } = await (await one.get('/api/me')).json()
    await setRoles(service.db.work, id, [...new Set(['learner', role] as const)])
  }
})

/** What an answer means: done or shown, asked to sign in, refused, or not there. */
async function meaning(answer: Response): Promise<string> {
  const location = answer.headers.get('location') ?? ''
  if (location.startsWith('/sign-in?next=')) return 'sign in'
  if (answer.status === 403) return 'no'
  return [200, 204, 303, 422, 409].includes(answer.status) ? 'yes' : String(answer.status)
}

test('the table names every page, and every method of it', () => {
  const pages = new Set(rows.map(({ path }) => path))
  for (const path of personal) expect([...pages]).toContain(path)
  expect(rows.length).toBeGreaterThan(20)
})

test.each(rows)('$method $path', async (row) => {
  for (const role of ['nobody', 'learner', 'instructor', 'administrator'] as const) {
    const visitor = visitors.get(role)
    if (!visitor) throw new Error(`no ${role}`)
    const kept = new Map(visitor.cookies)
    const answer =
      row.method === 'GET' ? await visitor.get(row.path) : await visitor.post(row.path, {})
    expect(await meaning(answer), role).toBe(row.answers[role])
    // Signing out is allowed and done: the next row needs them back.
    for (const [name, value] of kept) visitor.cookies.set(name, value)
    if (row.path === '/sign-out' && row.method === 'POST' && role !== 'nobody') {
      await visitor.post('/sign-in', {
        email: `${role}@example.org`,
        password: 'three columns and a beam',
      })
    }
  }
})

test('nobody ends the session of somebody else', async () => {
  const learner = visitors.get('learner')
  const instructor = visitors.get('instructor')
  const [mine] = await service.db.work<{ id: string }[]>`
    select s.id from accounts.session s join accounts.person p on p.id = s.person_id
    where p.email = 'instructor@example.org' limit 1`
  expect((await learner?.post('/account/sessions', { end: mine?.id ?? '' }))?.status).toBe(404)
  expect((await instructor?.get('/account'))?.status).toBe(200)
})

test('roles are given and taken by an administrator, and one stays', async () => {
  const administrator = visitors.get('administrator')
  const { id } = await (await (visitors.get('learner') as Visitor).get('/api/me')).json()
  const given = await administrator?.post('/admin/people', { person: id, role: 'instructor' })
  expect(given?.status).toBe(303)
  const now = await (await (visitors.get('learner') as Visitor).get('/api/me')).json()
  expect(now.roles).toEqual(['learner', 'instructor'])
  const own = await (await (administrator as Visitor).get('/api/me')).json()
  const last = await administrator?.post('/admin/people', { person: own.id })
  expect(last?.status).toBe(409)
})

test('a link makes one administrator: with a new account, or the one that is signed in', async () => {
  const path = await makeAdminLink(service.db.work)
  const token = new URLSearchParams(path.split('?')[1]).get('token') ?? ''
  const first = service.visitor('203.0.113.1')
  expect((await first.get(path)).status).toBe(200)
  const form = { token, name: 'Root', email: 'root@example.org', password: 'short' }
  expect((await first.post('/admin/link', form)).status).toBe(422)
  const made = await first.post('/admin/link', { ...form, password: 'three columns and a beam' })
  expect(made.headers.get('location')).toBe('/account')
  const { roles } = await (await first.get('/api/me')).json()
  expect(roles).toContain('administrator')
  const late = service.visitor('203.0.113.2')
  const again = { ...form, email: 'late@example.org', password: 'three columns and a beam' }
  expect((await late.post('/admin/link', again)).status).toBe(422)
  const next = await makeAdminLink(service.db.work)
  const more = new URLSearchParams(next.split('?')[1]).get('token') ?? ''
  const member = await service.member('member@example.org', '203.0.113.3')
  expect((await member.post('/admin/link', { token: more })).status).toBe(303)
  expect((await member.get('/admin/mail')).status).toBe(200)
})
