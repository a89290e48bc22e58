import { beforeAll, describe, expect, test } from 'vitest'
import { instructorsClient, type Teaching } from './contract.ts'
import { openInstructors } from './fixture.ts'

let service: Awaited<ReturnType<typeof openInstructors>>
let client: ReturnType<typeof instructorsClient>
beforeAll(async () => {
  service = await openInstructors()
  const backend = {
    fetch: async (path: string, init?: RequestInit) => await service.get(path, init),
  }
  client = instructorsClient(backend, service.context.trust)
})

const person = (key: string, more: Partial<Teaching['people'][number]> = {}) => ({
  key,
  firstName: key,
  middleName: '',
  lastName: 'Example',
  academicTitle: null,
  title: null,
  organisation: 'Academy',
  biography: '',
  role: 'assistant' as const,
  photo: null,
  example: true,
  ...more,
})
const academy = {
  key: 'academy',
  name: 'Academy',
  url: 'https://academy.example/',
  description: null,
  logo: { id: 'a'.repeat(40), width: 300, height: 100, kind: 'svg' as const },
  example: true,
}
const voice = { author: 'Olu', role: '', text: 'It held.', example: true }
const folder = (more: Partial<Teaching> = {}): Teaching => ({
  people: [person('ben'), person('ada', { role: 'primary' })],
  organisations: [academy],
  testimonials: [voice],
  ...more,
})
const teachersOf = async (course: number) =>
  (await client.listTeachers([course])).flatMap(({ teachers }) => teachers)
const read = async (path: string) => await (await service.get(path)).json()

describe('what a course folder says', () => {
  test('is set, and again keeps who they are', async () => {
    await client.putTeaching(401, folder())
    const first = await teachersOf(401)
    expect(first).toMatchObject([
      { name: 'ada Example', role: 'primary', organisation: 'Academy', example: true },
      { name: 'ben Example', role: 'assistant' },
    ])
    const versions = () =>
      service.db
        .work`select id, version from instructors.instructor where id = any (${first.map(({ id }) => id)}::bigint[]) order by id`
    const before = await versions()
    await client.putTeaching(401, folder())
    expect(await teachersOf(401)).toEqual(first)
    expect(await versions()).toEqual(before)
    expect(await read('/api/courses/401/organisations')).toMatchObject([{ name: 'Academy' }])
    expect(await read('/api/courses/401/testimonials')).toMatchObject([
      { author: 'Olu', role: null },
    ])
    await client.putTeaching(
      401,
      folder({ people: [person('ada', { title: 'Reader' }), person('ben')] }),
    )
    expect(await teachersOf(401)).toMatchObject([
      { id: first[0]?.id, role: 'assistant' },
      { id: first[1]?.id },
    ])
    expect(await read(`/api/instructors/${first[0]?.id}`)).toMatchObject({ title: 'Reader' })
    expect(await client.listTeachers([499])).toEqual([])
  })

  test('takes off whom it no longer names; examples nobody names are gone, real people stay', async () => {
    const people = [person('ada'), person('real', { example: false })]
    await client.putTeaching(402, folder({ people }))
    const [ada, real] = await teachersOf(402)
    const mine = { firstName: 'My', lastName: 'Own', teaches: [{ courseId: 402, role: 'primary' }] }
    const own = await (await service.write('POST', '/api/instructors', mine)).json()
    await client.putTeaching(402, { people: [], organisations: [], testimonials: [] })
    expect(await teachersOf(402)).toMatchObject([{ id: own.id }])
    expect((await service.get(`/api/instructors/${ada?.id}`)).status).toBe(404)
    expect(await read(`/api/instructors/${real?.id}`)).toMatchObject({ teaches: [] })
    expect(await read('/api/courses/402/organisations')).toEqual([])
    expect(await read('/api/courses/402/testimonials')).toEqual([])
    await client.putTeaching(
      402,
      folder({ people: [person('real', { example: false, role: 'primary' })] }),
    )
    expect(await teachersOf(402)).toMatchObject([
      { id: real?.id, role: 'primary' },
      { id: own.id, role: 'assistant' },
    ])
  })

  test('is told once for the course and for each person whose part changed', async () => {
    await client.putTeaching(403, folder())
    const told = async () => {
      const rows = await service.db.work`
        select subject from instructors.outbox where type = 'teaching.changed' and subject = 'teachers-of:403'`
      return rows.length
    }
    expect(await told()).toBe(1)
    const people = (await teachersOf(403)).map(({ id }) => `instructor:${id}`)
    const changed = await service.db.work`
      select subject from instructors.outbox where type = 'instructor.changed' and subject = any (${people})`
    expect(changed).toHaveLength(2)
  })

  test.each<[string, Partial<Teaching>]>([
    [
      'two primaries',
      { people: [person('a', { role: 'primary' }), person('b', { role: 'primary' })] },
    ],
    ['a key twice', { people: [person('a'), person('a')] }],
    ['no name', { people: [person('a', { lastName: ' ' })] }],
    ['a script for an address', { organisations: [{ ...academy, url: 'javascript:alert(1)' }] }],
  ])('is refused with %s', async (_, wrong) => {
    await expect(client.putTeaching(404, folder(wrong))).rejects.toMatchObject({ status: 422 })
    expect(await teachersOf(404)).toEqual([])
  })

  test('of five imports at once, one is left whole', async () => {
    const imports = ['a', 'b', 'c', 'd', 'e'].map((key) =>
      client.putTeaching(405, folder({ people: [person(key, { role: 'primary' })] })),
    )
    await Promise.all(imports)
    expect(await teachersOf(405)).toHaveLength(1)
    expect(await read('/api/courses/405/testimonials')).toHaveLength(1)
  })

  test('is for services only', async () => {
    expect((await service.get('/internal/teachers?courses=1')).status).toBe(401)
    expect((await service.write('PUT', '/internal/teaching/1', folder())).status).toBe(401)
    expect((await service.inside('/internal/teachers?courses=1,x')).status).toBe(422)
  })
})
