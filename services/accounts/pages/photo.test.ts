import { Problem } from '@colonnade/http'
import { Hono } from 'hono'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { openAccounts } from '../fixture.ts'

/** Media, as its contract has it: it takes what begins with `photo`, and may be away. */
const held = new Map<string, string[]>()
let isAway = false
const app = new Hono()
app.onError((error) =>
  error instanceof Problem ? error.toResponse() : new Response('', { status: 500 }),
)
app.post('/internal/photos/:person', async (c) => {
  const text = await c.req.text()
  if (!text.startsWith('photo')) throw new Problem(415, 'no picture')
  const person = c.req.param('person')
  const id = `${held.get(person)?.length ?? 0}`.padStart(40, 'a')
  held.set(person, [...(held.get(person) ?? []), id])
  return c.json({ id, width: 800, height: 600, kind: 'raster', fallback: 'jpg' })
})
app.delete('/internal/photos/:person', (c) => {
  const kept = held.get(c.req.param('person'))?.filter((id) => id === c.req.query('but'))
  held.set(c.req.param('person'), kept ?? [])
  return c.body(null, 204)
})
const media = {
  fetch: async (path: string, init?: RequestInit) => {
    if (isAway) throw new TypeError('fetch failed')
    return await app.fetch(new Request(`http://media${path}`, init))
  },
}

let service: Awaited<ReturnType<typeof openAccounts>>
let ada: Awaited<ReturnType<typeof service.member>>
let person: string
beforeAll(async () => {
  service = await openAccounts({}, { peers: { media } })
  ada = await service.member('ada@example.org')
  person = (await (await ada.get('/api/me')).json()).id
})
beforeEach(() => {
  isAway = false
})

async function send(content: string, headers: Record<string, string> = {}): Promise<Response> {
  const form = new FormData()
  form.set('photo', new File([content], '../../etc/passwd.svg', { type: 'image/svg+xml' }))
  return await ada.get('/account/photo', {
    method: 'POST',
    body: form,
    headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
  })
}
const photo = async () => (await (await ada.get('/api/me')).json()).photo

test('a photo is shown beside the name, in place of the one before', async () => {
  expect(await photo()).toBeNull()
  expect((await send('photo one')).headers.get('location')).toBe('/account?saved')
  const first = await photo()
  expect(first).toMatch(/^\/media\/a{39}0\/320\.webp$/)
  expect(await ada.text('/account')).toContain(`${'a'.repeat(39)}0/`)
  await send('photo two')
  expect(await photo()).not.toBe(first)
  expect(held.get(person)).toHaveLength(1)
})

test('what is no photo changes nothing, and neither does a form from another site', async () => {
  const before = await photo()
  const refused = await send('<svg onload="alert(1)">')
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining('This file cannot be used.'),
  ])
  expect((await send('')).status).toBe(422)
  expect((await ada.post('/account/photo', { photo: 'photo' })).status).toBe(422)
  expect((await send('photo', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  const large = await send(`photo${'x'.repeat(15 * 1024 * 1024 + 8192)}`)
  expect(large.status).toBe(422)
  expect(await photo()).toBe(before)
})

test('with media away nothing is lost: the photo stays until it is really gone', async () => {
  const before = await photo()
  isAway = true
  expect(await (await send('photo three')).text()).toContain('Pictures are away for now.')
  expect((await ada.post('/account/photo/remove', {})).status).toBe(422)
  expect(await photo()).toBe(before)
  isAway = false
  expect((await ada.post('/account/photo/remove', {})).status).toBe(303)
  expect([await photo(), held.get(person)]).toEqual([null, []])
})

test('who sends one after the other has to wait', async () => {
  const statuses: number[] = []
  for (let i = 0; i < 24; i++) statuses.push((await send('no')).status)
  expect(statuses.at(-1)).toBe(429)
})
