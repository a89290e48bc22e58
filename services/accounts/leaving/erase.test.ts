import { beforeAll, beforeEach, expect, test } from 'vitest'
import { goodPassword, openAccounts } from '../fixture.ts'
import { setRoles } from '../queries/accounts.ts'
import { readAccountsSettings } from '../settings.ts'
import { openErasures } from './erasures.ts'
import { openKeeper } from './fixture.ts'
import { keepersOf } from './keepers.ts'

const reviews = openKeeper('reviews')
const shelf = openKeeper('shelf')
let service: Awaited<ReturnType<typeof openAccounts>>
let address = 1
const members = new Map<string, Awaited<ReturnType<typeof member>>>()
beforeAll(async () => {
  const peers = { reviews: reviews.backend, shelf: shelf.backend }
  service = await openAccounts({}, { peers, keepers: ['reviews', 'shelf'] })
  const names = [
    'ada',
    'trace',
    'patient',
    'late',
    'twice',
    'careful',
    'first',
    'second',
    'provider',
  ]
  // At the same time: signing up takes a moment on purpose.
  await Promise.all(
    names.map(async (name) => members.set(name, await member(`${name}@example.org`))),
  )
})
beforeEach(() => shelf.away(false))

function known(name: string) {
  const found = members.get(name)
  if (!found) throw new Error(`nobody is called ${name}`)
  return found
}

async function member(email: string) {
  const one = await service.member(email, `198.51.100.${address++}`)
  const { id } = await (await one.get('/api/me')).json()
  for (const { notes } of [reviews, shelf]) notes.set(id, 'a note')
  const leave = (form: Record<string, string> = {}) =>
    one.post('/account/erase', { confirm: email, password: goodPassword, ...form })
  return { ...one, id: String(id), leave, text: one.text }
}
const receiptOf = (answer: Response) => answer.headers.get('location') ?? ''
/** Carries what is due in a minute's time, as a later process would. */
async function later(): Promise<void> {
  await service.db.work`update accounts.erasure_part set next_try = now()`
  const erasures = openErasures({
    db: service.db,
    keepers: keepersOf(service.context),
    settings: readAccountsSettings({}),
    folder: service.folder,
    post: { wake: () => {} },
    onError: () => {},
  })
  await erasures.carry()
  await erasures.close()
}

test('somebody leaves for good: everywhere, with a receipt, and may come back as somebody new', async () => {
  const ada = known('ada')
  const { session } = ada
  const gone = await ada.leave()
  expect(gone.status).toBe(303)
  expect(receiptOf(gone)).toMatch(/^\/account\/erased\?receipt=[\da-f-]{36}$/)
  expect([...ada.cookies]).toEqual([])
  expect([reviews.notes.has(ada.id), shelf.notes.has(ada.id)]).toEqual([false, false])
  expect((await service.client.exchange(session)).token).toBeNull()

  const receipt = await (await service.visitor().get(receiptOf(gone))).text()
  expect(receipt).toContain('A number in shelf.')
  expect(receipt).toContain('Others count on it.')
  expect(receipt).not.toMatch(/away for now|ada@example/i)
  const mail = await service.letter('ada@example.org', (subject) => subject.includes('is erased'))
  expect(mail).toContain('- A note in reviews.')
  expect(mail).toContain('- A number in shelf. Others count on it.')
  expect(mail).toContain(receiptOf(gone))
  // The receipt is the last that lies here of her.
  const letters = (await service.folder.list(100)).filter((one) => one.recipient.startsWith('ada'))
  expect(letters).toHaveLength(1)

  const again = await member('ada@example.org')
  expect(again.id).not.toBe(ada.id)
  expect((await again.get('/account')).status).toBe(200)
})

test('nothing of the person is left in the tables but the id that others may still know', async () => {
  const email = 'trace@example.org'
  const one = known('trace')
  await one.post('/forgot', { email })
  await one.leave()
  await later()
  await service.folder.removeTo(email)
  const tables = await service.db.work<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'accounts'`
  expect(tables.length).toBeGreaterThan(10)
  for (const { name } of tables) {
    const rows = await service.db.work<{ row: string }[]>`
      select t::text as row from ${service.db.work(`accounts.${name}`)} t`
    const left = rows.filter(({ row }) => row.includes(email) && !row.includes('is erased'))
    expect([name, left]).toEqual([name, []])
    const known = rows.filter(({ row }) => row.includes(one.id))
    expect([name, known.length]).toEqual([name, name === 'erasure' ? 1 : 0])
  }
})

test('a service that is away is asked until it has answered, and the receipt waits for it', async () => {
  const email = 'patient@example.org'
  const one = known('patient')
  shelf.away(true)
  const gone = await one.leave()
  expect(reviews.notes.has(one.id)).toBe(false)
  expect(await (await service.get(receiptOf(gone))).text()).toContain('done: shelf.')
  await later()
  const letters = async () =>
    (await service.db.work`select from accounts.mail where recipient = ${email}`).length
  expect(await letters()).toBe(0)
  shelf.away(false)
  await later()
  expect(shelf.notes.has(one.id)).toBe(false)
  expect(await letters()).toBe(1)
  expect(await (await service.get(receiptOf(gone))).text()).not.toContain('Away for now')
})

test('what came in with a token that still lived goes in a second round, and then it is done', async () => {
  const one = known('late')
  await one.leave()
  reviews.notes.set(one.id, 'written meanwhile')
  await later()
  expect(reviews.notes.has(one.id)).toBe(false)
  await later()
  const keys = reviews.asked.filter(({ person }) => person === one.id).map(({ key }) => key)
  expect([keys.length, new Set(keys).size]).toEqual([2, 2])
})

test('two processes ask each service once for each round', async () => {
  const one = known('twice')
  shelf.away(true)
  await one.leave()
  shelf.away(false)
  await Promise.all([later(), later(), later()])
  const keys = shelf.asked.filter(({ person }) => person === one.id).map(({ key }) => key)
  expect(new Set(keys).size).toBeLessThanOrEqual(2)
  const mails = await service.db.work`
    select from accounts.mail where recipient = 'twice@example.org'`
  expect(mails).toHaveLength(1)
})

test('without the password, or the address typed, nothing is erased, and guessing is slowed', async () => {
  const one = known('careful')
  expect((await one.leave({ confirm: 'careful@example.com' })).status).toBe(422)
  expect(await (await one.leave({ password: 'not the password' })).text()).toContain(
    'This is not your password.',
  )
  const foreign = await one.post(
    '/account/erase',
    { confirm: 'careful@example.org', password: goodPassword },
    { 'Sec-Fetch-Site': 'cross-site' },
  )
  expect(foreign.status).toBe(403)
  for (let i = 0; i < 6; i++) await one.leave({ password: `guess ${i}` })
  expect((await one.leave()).status).toBe(429)
  expect((await one.get('/account')).status).toBe(200)
  expect(reviews.notes.has(one.id)).toBe(true)
})

test('the last administrator stays, also when two leave at the same moment', async () => {
  const [first, second] = [known('first'), known('second')]
  for (const { id } of [first, second]) {
    await setRoles(service.db.work, id, ['learner', 'administrator'])
  }
  const answers = await Promise.all([first.leave(), second.leave()])
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
  const stays = answers[0].status === 409 ? first : second
  expect(await (await stays.leave()).text()).toContain('You are the only administrator.')
  expect((await stays.get('/admin/people')).status).toBe(200)
})

test('who came by a provider and has no password shows by a new session that it is they', async () => {
  const one = known('provider')
  await service.db.work`delete from accounts.credential where person_id = ${one.id}`
  await service.db.work`
    update accounts.session set created_at = now() - interval '1 hour' where person_id = ${one.id}`
  expect(await one.text('/account/erase')).not.toContain('type="password"')
  expect(await (await one.leave()).text()).toContain('Sign out and in again')
  await service.db.work`update accounts.session set created_at = now() where person_id = ${one.id}`
  expect((await one.leave()).status).toBe(303)
})

test('a receipt is shown to who has its address, and there is no other', async () => {
  for (const receipt of ['', 'x', crypto.randomUUID()]) {
    expect((await service.get(`/account/erased?receipt=${receipt}`)).status).toBe(404)
  }
})
