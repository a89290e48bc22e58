import { readZip } from '@colonnade/format'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { openAccounts } from '../fixture.ts'
import { openKeeper } from './fixture.ts'

const reviews = openKeeper('reviews')
const shelf = openKeeper('shelf')
let service: Awaited<ReturnType<typeof openAccounts>>
let ada: Awaited<ReturnType<typeof service.member>>
beforeAll(async () => {
  const peers = { reviews: reviews.backend, shelf: shelf.backend }
  service = await openAccounts({}, { peers, keepers: ['reviews', 'shelf'] })
  ada = await service.member('ada@example.org')
  const { id } = await (await ada.get('/api/me')).json()
  reviews.notes.set(id, 'Ada was here')
  await service.member('ben@example.org')
})
beforeEach(() => shelf.away(false))

async function unpack(answer: Response): Promise<Map<string, string>> {
  const files = await readZip(new Uint8Array(await answer.arrayBuffer()))
  return new Map([...files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]))
}

test('everything that is kept comes in one archive, and nothing that signs in or is of others', async () => {
  expect(await ada.text('/account/data')).toContain('your account, your reviews and shelf')
  const answer = await ada.post('/account/data', {})
  expect(answer.headers.get('content-type')).toBe('application/zip')
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="my-data-/)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const files = await unpack(answer)
  expect([...files.keys()].sort()).toEqual([
    'accounts.json',
    'contents.json',
    'reviews.json',
    'reviews/note.txt',
  ])
  expect(files.get('reviews/note.txt')).toBe('Ada was here')
  const own = JSON.parse(files.get('accounts.json') ?? '')
  expect(own.profile).toMatchObject({ name: 'Ada Example', email: 'ada@example.org' })
  expect(own.sessions).toHaveLength(1)
  const [{ token = '', password = '' } = {}] = await service.db.work<
    { token: string; password: string }[]
  >`select token, password from accounts.session s join accounts.credential c using (person_id)
    join accounts.person p on p.id = person_id where p.email = 'ada@example.org'`
  const all = [...files.values()].join()
  for (const secret of [token, password]) {
    expect(secret).not.toBe('')
    expect(all).not.toContain(secret)
  }
  expect(all).not.toContain('ben@example.org')
})

test('with a service away it says which part is missing, and gives the rest', async () => {
  shelf.away(true)
  const told = await ada.post('/account/data', {})
  expect(told.status).toBe(503)
  expect(await told.text()).toContain('did not answer just now: shelf')
  const files = await unpack(await ada.post('/account/data', { anyway: '1' }))
  expect(JSON.parse(files.get('contents.json') ?? '').missing).toEqual(['shelf'])
  expect(files.get('reviews.json')).toContain('Ada was here')
})
