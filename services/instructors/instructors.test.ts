import { tagsHeader } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { openInstructors } from './fixture.ts'

let service: Awaited<ReturnType<typeof openInstructors>>
beforeAll(async () => {
  service = await openInstructors()
})

const ada = { firstName: 'Ada', lastName: 'Example' }
const add = (body: unknown, headers?: Record<string, string>) =>
  service.write('POST', '/api/instructors', body, headers)
const added = async (body: unknown) => await (await add(body)).json()

describe('an instructor', () => {
  test('is added with what they teach, and read again', async () => {
    const answer = await add({
      ...ada,
      middleName: ' ',
      academicTitle: 'Dr',
      biography: '  Line one.\n\nLine two. ',
      learners: 1200,
      averageRating: 4.5,
      ratings: 80,
      teaches: [
        { courseId: 102, role: 'assistant' },
        { courseId: 101, role: 'primary' },
      ],
    })
    expect(answer.status).toBe(201)
    const body = await answer.json()
    expect(body).toEqual({
      id: body.id,
      ...ada,
      middleName: null,
      academicTitle: 'Dr',
      title: null,
      organisation: null,
      biography: 'Line one.\n\nLine two.',
      learners: 1200,
      averageRating: 4.5,
      ratings: 80,
      example: false,
      teaches: [
        { courseId: 101, role: 'primary' },
        { courseId: 102, role: 'assistant' },
      ],
    })
    expect(answer.headers.get('location')).toBe(`/api/instructors/${body.id}`)
    expect(answer.headers.get('etag')).toBe('"1"')
    const read = await service.get(`/api/instructors/${body.id}`)
    expect(await read.json()).toEqual(body)
    const again = await service.get(`/api/instructors/${body.id}`, {
      headers: { 'If-None-Match': 'W/"9", W/"1"' },
    })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    const told = await service.db
      .work`select type, subject from instructors.outbox order by subject`
    expect(told).toMatchObject([
      { type: 'teaching.changed', subject: 'teachers-of:101' },
      { type: 'teaching.changed', subject: 'teachers-of:102' },
    ])
    expect(service.told.nudges).toBe(1)
  })

  test('a second primary of a course is 409, and leaves nothing', async () => {
    await add({ ...ada, teaches: [{ courseId: 110, role: 'primary' }] })
    const before = await service.db.work`select count(*)::int from instructors.instructor`
    const second = await add({ ...ada, teaches: [{ courseId: 110, role: 'primary' }] })
    expect(second.status).toBe(409)
    expect((await second.json()).detail).toContain('Course 110 has a primary instructor')
    expect(await service.db.work`select count(*)::int from instructors.instructor`).toEqual(before)
    const parallel = await Promise.all(
      Array.from({ length: 20 }, () =>
        add({ ...ada, teaches: [{ courseId: 111, role: 'primary' }] }),
      ),
    )
    expect(parallel.map((one) => one.status).sort()).toEqual([201, ...Array(19).fill(409)])
  })

  test('is replaced only by who read the present version', async () => {
    const body = await added({
      ...ada,
      title: 'Reader',
      teaches: [{ courseId: 120, role: 'primary' }],
    })
    const path = `/api/instructors/${body.id}`
    const change = { ...body, title: null, teaches: [{ courseId: 121, role: 'assistant' }] }
    expect((await service.write('PUT', path, change)).status).toBe(428)
    expect((await service.write('PUT', path, change, { 'If-Match': '"7"' })).status).toBe(412)
    expect((await service.write('PUT', path, change, { 'If-Match': 'W/"1"' })).status).toBe(412)
    const changed = await service.write('PUT', path, change, { 'If-Match': '"1"' })
    expect(changed.status).toBe(200)
    expect(changed.headers.get('etag')).toBe('"2"')
    expect(await changed.json()).toEqual(change)
    expect(await (await service.get('/api/courses/120/instructors')).json()).toEqual([])
    const races = await Promise.all(
      Array.from({ length: 10 }, () => service.write('PUT', path, change, { 'If-Match': '"2"' })),
    )
    expect(races.map((one) => one.status).sort()).toEqual([200, ...Array(9).fill(412)])
    const other = { ...change, id: body.id + 1 }
    expect((await service.write('PUT', path, other, { 'If-Match': '*' })).status).toBe(422)
    const missing = await service.write('PUT', '/api/instructors/999999', ada, { 'If-Match': '*' })
    expect(missing.status).toBe(404)
  })

  test('deleted, leaves the courses they taught', async () => {
    const body = await added({ ...ada, teaches: [{ courseId: 130, role: 'primary' }] })
    const path = `/api/instructors/${body.id}`
    expect((await service.write('DELETE', path, undefined, { 'If-Match': '"9"' })).status).toBe(412)
    expect((await service.write('DELETE', path)).status).toBe(204)
    expect((await service.get(path)).status).toBe(404)
    expect((await service.write('DELETE', path)).status).toBe(404)
    expect(await (await service.get('/api/courses/130/instructors')).json()).toEqual([])
    expect((await service.get('/api/courses/130/instructors/primary')).status).toBe(404)
    const told = await service.db.work`
      select type from instructors.outbox where subject in (${`instructor:${body.id}`}, 'teachers-of:130')`
    expect(told).toHaveLength(3)
  })

  test('is added once for each Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'once-1' }
    const body = { ...ada, teaches: [{ courseId: 140, role: 'primary' }] }
    const all = await Promise.all(Array.from({ length: 8 }, () => add(body, key)))
    expect(
      all.map((one) => one.status).filter((status) => status !== 201 && status !== 409),
    ).toEqual([])
    const replay = await add(body, key)
    expect(replay.status).toBe(201)
    expect(replay.headers.get('location')).toMatch(/^\/api\/instructors\/\d+$/)
    const first = await replay.text()
    expect(await (await add(body, key)).text()).toBe(first)
    expect(await (await service.get('/api/courses/140/instructors')).json()).toHaveLength(1)
    const other = await add({ ...body, lastName: 'Other' }, key)
    expect(other.status).toBe(422)
    expect((await other.json()).errors[0].path).toBe('Idempotency-Key')
    expect((await add(body, { 'Idempotency-Key': 'x'.repeat(256) })).status).toBe(422)
    // What failed is not kept: the same key may succeed later.
    const failed = { 'Idempotency-Key': 'once-2' }
    expect((await add(body, failed)).status).toBe(409)
    expect((await add({ ...body, teaches: [] }, failed)).status).toBe(201)
  })

  test('writes of one course wait for each other, so that events are told in their order', async () => {
    let second: Promise<Response> | undefined
    await service.db.work.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('instructors teachers-of 150', 0))`
      second = add({ ...ada, teaches: [{ courseId: 150, role: 'primary' }] })
      const waiting = () => service.db.work`
        select 1 from pg_locks where locktype = 'advisory' and not granted
          and database = (select oid from pg_database where datname = current_database())`
      await expect.poll(async () => (await waiting()).length).toBe(1)
    })
    expect((await second)?.status).toBe(201)
  })
})

describe('lists', () => {
  test('go through all instructors by cursor', async () => {
    for (let i = 0; i < 5; i++) await add({ ...ada, lastName: `Listed${i}` })
    const seen: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor ? `&cursor=${cursor}` : ''
      const page = await (await service.get(`/api/instructors?limit=3${query}`)).json()
      seen.push(...page.items.map((item: { id: number }) => item.id))
      cursor = page.next
    }
    const [count] = await service.db.work`select count(*)::int as all from instructors.instructor`
    expect(new Set(seen).size).toBe(count?.all)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
  })

  test('find people by how their names begin', async () => {
    for (const lastName of ['Ölmez', 'Olmos', 'O%Brien', 'Olm_x']) await add({ ...ada, lastName })
    const names = async (q: string, more = '') => {
      const answer = await service.get(`/api/instructors?q=${encodeURIComponent(q)}${more}`)
      const { items, next } = await answer.json()
      return { names: items.map((item: { lastName: string }) => item.lastName), next }
    }
    expect((await names('olm')).names).toEqual(['Olm_x', 'Olmos'])
    expect((await names('OLMOS ada ex')).names).toEqual([])
    expect((await names('OLMOS ada')).names).toEqual(['Olmos'])
    expect((await names('öl')).names).toEqual(['Ölmez'])
    expect((await names('o%')).names).toEqual(['O%Brien'])
    const first = await names('o', '&limit=2')
    expect(first.names).toEqual(['O%Brien', 'Olm_x'])
    expect((await names('o', `&limit=2&cursor=${first.next}`)).names).toEqual(['Olmos'])
  })

  test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=x', 'cursor=WyJhIl0', 'q=%00', 'q='])(
    'refuse %s',
    async (query) => {
      const answer = await service.get(`/api/instructors?${query}`)
      expect(answer.status).toBe(422)
      expect((await answer.json()).errors).toHaveLength(1)
    },
  )
})

describe('who teaches a course', () => {
  test('the primary one first; the fast route and the endpoint say the same', async () => {
    await add({ ...ada, lastName: 'B', teaches: [{ courseId: 160, role: 'assistant' }] })
    await add({ ...ada, lastName: 'C', teaches: [{ courseId: 160, role: 'primary' }] })
    for (const [id, count] of [
      [160, 2],
      [161, 0],
    ] as const) {
      const path = `/api/courses/${id}/instructors`
      const slow = await service.get(path)
      const fast = await service.running.fast?.(path, '?x=1')
      expect(fast?.status).toBe(slow.status)
      expect(new Headers({ ...fast?.headers, ...tagsHeader(fast?.tags) })).toEqual(slow.headers)
      expect(fast?.body).toBe(await slow.text())
      expect(JSON.parse(String(fast?.body))).toHaveLength(count)
    }
    const [first] = await (await service.get('/api/courses/160/instructors')).json()
    expect(first).toMatchObject({ lastName: 'C', role: 'primary', teaches: [{ courseId: 160 }] })
    const primary = await service.get('/api/courses/160/instructors/primary')
    expect(await primary.json()).toEqual(first)
  })

  test.each([
    '0',
    '-1',
    '01',
    '1.5',
    'x',
    '9007199254740992',
    '99999999999999999999',
    '%00',
    '1%2F2',
  ])('an impossible course id is nowhere: %s', async (id) => {
    for (const path of [`/api/courses/${id}/instructors`, `/api/instructors/${id}`]) {
      expect(service.running.fast?.(path, '')).toBeUndefined()
      expect((await service.get(path)).status).toBe(404)
    }
  })

  test('a database that is away is 503 on both ways', async () => {
    const other = await openInstructors()
    await other.db.close()
    const path = '/api/courses/1/instructors'
    const slow = await other.get(path)
    const fast = await other.running.fast?.(path, '')
    expect([slow.status, fast?.status]).toEqual([503, 503])
    expect(fast?.headers['retry-after']).toBe('1')
  })
})
