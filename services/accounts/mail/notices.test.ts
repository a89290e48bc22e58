import { localBackend, uuidv7 } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import type { MailKind } from '../contract.ts'
import { openAccounts } from '../fixture.ts'

let service: Awaited<ReturnType<typeof openAccounts>>
let ada: Awaited<ReturnType<typeof service.member>>
let person: string
beforeAll(async () => {
  service = await openAccounts()
  ada = await service.member('ada@example.org')
  person = (await (await ada.get('/api/me')).json()).id
})

const mail = (key: string, kind: MailKind = 'due') => ({
  person,
  kind,
  subject: `About ${key}`,
  text: 'Essay 1 is due on Friday.\nWrite on.',
  key: `learning:${key}`,
})
const linkOf = async (key: string) =>
  service.linkIn(await service.letter('ada@example.org', (subject) => subject === `About ${key}`))

test('people are named to services that know their ids, and to nobody else', async () => {
  const known = { id: person, name: 'Ada Example', email: 'ada@example.org', language: 'en' }
  const strangers = Array.from({ length: 250 }, () => uuidv7())
  expect(await service.client.listPeople([...strangers, person])).toEqual([
    { ...known, timeZone: 'UTC' },
  ])
  expect(await service.client.listPeople([])).toEqual([])
  expect((await service.get(`/internal/people?ids=${person}`)).status).toBe(401)
  expect((await service.get('/internal/mails', { method: 'POST', body: '{}' })).status).toBe(401)
})

test('a mail is queued once for its key, also when two send it at the same moment', async () => {
  const states = await Promise.all([1, 2, 3].map(() => service.client.sendMail(mail('once'))))
  expect(states.sort()).toEqual(['known', 'known', 'queued'])
  const body = await service.letter('ada@example.org', (subject) => subject === 'About once')
  expect(body).toMatch(/^Essay 1 is due on Friday\.\nWrite on\.\n\n-- \n/)
  // Carried, so no longer waiting; still it is the same mail.
  expect(await service.client.sendMail(mail('once'))).toBe('known')
  const letters = await service.folder.list(100)
  expect(letters.filter(({ subject }) => subject === 'About once')).toHaveLength(1)
  const nobody = { ...mail('nobody'), person: uuidv7() }
  expect(await service.client.sendMail(nobody)).toBe('nobody')
})

test('a mail that could forge headers, or of no known kind, is not taken', async () => {
  const forged = { ...mail('forged'), subject: 'x\r\nBcc: all@example.org' }
  await expect(service.client.sendMail(forged)).rejects.toMatchObject({ status: 422 })
  const backend = localBackend(service.running)
  const answer = await backend.fetch('/internal/mails', {
    method: 'POST',
    body: JSON.stringify({ ...mail('kind'), kind: 'advertisement' }),
    headers: {
      Authorization: await service.context.trust.header(),
      'Content-Type': 'application/json',
    },
  })
  expect(answer.status).toBe(422)
})

test('one click from the mail program refuses a kind, without a session and from anywhere', async () => {
  await service.client.sendMail(mail('click', 'marked'))
  const { pathname, search } = await linkOf('click')
  const stranger = service.visitor()
  // Programs that look through mails open links: that changes nothing.
  expect(await stranger.text(pathname + search)).toContain('Your work was marked')
  expect(await service.client.sendMail(mail('still', 'marked'))).toBe('queued')
  const answer = await stranger.get(pathname + search, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect([answer.status, answer.headers.getSetCookie()]).toEqual([200, []])
  expect(await service.client.sendMail(mail('after', 'marked'))).toBe('refused')
  expect(await service.client.sendMail(mail('other', 'due'))).toBe('queued')
})

test('a link that was changed refuses nothing', async () => {
  await service.client.sendMail(mail('changed', 'certificate'))
  const link = await linkOf('changed')
  const token = link.searchParams.get('token') ?? ''
  const forged = [token.replace('certificate', 'course'), token.slice(0, -1), 'x', '']
  for (const one of forged) {
    const answer = await service.visitor().post(`/unsubscribe?token=${one}`, {})
    expect(answer.status).toBe(422)
  }
  expect(await service.client.sendMail(mail('course', 'course'))).toBe('queued')
})

test('the account shows what is refused, and takes it back', async () => {
  const page = await ada.text('/account')
  expect(page).toMatch(/name="kind" value="due" checked>/)
  expect(page).toMatch(/name="kind" value="marked">/)
  const saved = await ada.post('/account/mails', { kind: 'marked' })
  expect(saved.headers.get('location')).toBe('/account?saved')
  expect(await service.client.sendMail(mail('back', 'marked'))).toBe('queued')
  expect(await service.client.sendMail(mail('gone', 'due'))).toBe('refused')
})
