import { uuidv7 } from '@colonnade/http'
import { beforeAll, expect, test } from 'vitest'
import { openInstructors } from './fixture.ts'

let service: Awaited<ReturnType<typeof openInstructors>>
beforeAll(async () => {
  service = await openInstructors()
})

const add = async (name: string) =>
  await (await service.write('POST', '/api/organisations', { name })).json()

test('an organisation is added, read, replaced and deleted', async () => {
  const body = { name: 'Academy', url: 'https://academy.example/', description: '' }
  const added = await service.write('POST', '/api/organisations', body)
  expect(added.status).toBe(201)
  const organisation = await added.json()
  expect(organisation).toEqual({ id: organisation.id, ...body, description: null, example: false })
  const path = `/api/organisations/${organisation.id}`
  expect(added.headers.get('location')).toBe(path)
  const change = { ...organisation, url: '', name: 'College' }
  expect((await service.write('PUT', path, change)).status).toBe(428)
  expect((await service.write('PUT', path, change, { 'If-Match': '"2"' })).status).toBe(412)
  const changed = await service.write('PUT', path, change, { 'If-Match': '"1"' })
  expect(await changed.json()).toEqual({ ...change, url: null })
  const read = await service.get(path, { headers: { 'If-None-Match': '"2"' } })
  expect(read.status).toBe(304)
  expect((await service.write('DELETE', path)).status).toBe(204)
  expect((await service.get(path)).status).toBe(404)
})

test('lists go by cursor', async () => {
  for (const name of ['A', 'B', 'C']) await add(name)
  const first = await (await service.get('/api/organisations?limit=2')).json()
  expect(first.items).toHaveLength(2)
  const rest = await (await service.get(`/api/organisations?limit=2&cursor=${first.next}`)).json()
  expect(rest.items[0].id).toBeGreaterThan(first.items[1].id)
})

test('who offers a course is set whole, in order', async () => {
  const [a, b] = [await add('First'), await add('Second')]
  const path = '/api/courses/501/organisations'
  expect(await (await service.get(path)).json()).toEqual([])
  expect(await (await service.write('PUT', path, [b.id, a.id])).json()).toEqual([b, a])
  const wrong = await service.write('PUT', path, [a.id, 999_999])
  expect(wrong.status).toBe(422)
  expect((await wrong.json()).errors).toEqual([{ path: '/1', message: 'names no organisation' }])
  expect((await service.write('PUT', path, [a.id, a.id])).status).toBe(422)
  expect(await (await service.get(path)).json()).toEqual([b, a])
  await service.write('DELETE', `/api/organisations/${b.id}`)
  expect(await (await service.get(path)).json()).toEqual([a])
  const told = await service.db.work`
    select type from instructors.outbox where subject = 'teachers-of:501'`
  expect(told).toMatchObject([{ type: 'offering.changed' }, { type: 'offering.changed' }])
})

test('testimonials are added under their id, and deleted', async () => {
  const path = '/api/courses/502/testimonials'
  const given = { id: uuidv7(), author: 'Olu', role: 'Nurse', text: 'It held.', example: false }
  const key = { 'Idempotency-Key': 'voice' }
  const added = await service.write('POST', path, given, key)
  expect(added.status).toBe(201)
  expect(await added.json()).toMatchObject({ ...given, courseId: 502 })
  expect((await service.write('POST', path, given, key)).status).toBe(201)
  expect((await service.write('POST', path, given)).status).toBe(409)
  expect(await (await service.get(path)).json()).toHaveLength(1)
  expect((await service.write('DELETE', `/api/testimonials/${given.id}`)).status).toBe(204)
  expect((await service.write('DELETE', `/api/testimonials/${given.id}`)).status).toBe(404)
  expect(await (await service.get(path)).json()).toEqual([])
})
