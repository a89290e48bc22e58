import { personalDataClient, uuidv7 } from '@colonnade/http'
import { beforeAll, describe, expect, test } from 'vitest'
import { coursePlan } from './fixture/plan.ts'
import { enrolled, entry, type LearningFixture, openLearning } from './fixture/service.ts'
import { addFile, putCalendar } from './pages/queries.ts'

let service: LearningFixture
let keeps: ReturnType<typeof personalDataClient>
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
  const fetch = async (path: string, init?: RequestInit) => await service.get(path, init)
  keeps = personalDataClient({ fetch }, service.context.trust, 5000)
})

const erase = (person: string, key: string) => keeps.erasePerson(person, { language: 'en', key })

const secret = 'only I know this'

async function busyLearner() {
  const one = await enrolled(service, 1)
  await one.add(entry('note', { lesson: 'l1', data: { note: uuidv7(), text: secret } }))
  const attempt = await one.handIn('essay', { e1: { text: secret, files: [] } })
  await one.handIn('exam', { q1: 'a' })
  const mark = { question: 'e1', points: 2, comment: `About ${secret}` }
  await service.operator('POST', `/api/attempts/${attempt}/marks`, mark)
  const extension = { item: 'exam', attempts: 1, reason: secret }
  await service.operator('POST', `${one.path}/extensions`, extension)
  const { id: running } = await one.start('timed')
  const file = {
    question: 'e1',
    name: `${secret}.txt`,
    type: 'text/plain',
    bytes: new Uint8Array(1),
  }
  for (const of of [attempt, running]) {
    await addFile(service.db.work, { ...file, id: uuidv7(), attempt: of })
  }
  await putCalendar(service.db.work, one.id, uuidv7())
  return one
}

/** Every row of the service's that holds a text. */
async function rowsWith(text: string): Promise<string[]> {
  const tables = await service.db.work<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'learning'`
  const found = []
  for (const { name } of tables) {
    const rows = await service.db.work`
      select 1 from ${service.db.work(`learning.${name}`)} t where t::text like ${`%${text}%`}`
    if (rows.length > 0) found.push(name)
  }
  return found.toSorted()
}

describe('a person', () => {
  test('gets all that is kept of them, and of nobody else', async () => {
    const one = await busyLearner()
    await busyLearner()
    const exported = JSON.stringify((await keeps.exportPerson(one.id))?.data)
    expect(JSON.parse(exported)).toMatchObject({
      certificates: [],
      enrolments: [
        {
          id: one.enrolment,
          courseId: 1,
          log: [{ type: 'note', data: { text: secret } }, {}, {}, {}, {}],
          attempts: [{ item: 'essay', marks: [{ points: 2 }] }, {}, { item: 'timed' }],
          extensions: [{ item: 'exam', attempts: 1 }],
          grade: { share: expect.any(Number) },
        },
      ],
    })
    expect(exported.split(secret)).toHaveLength(8)
  })

  test('gets the files they handed in, and leaves none behind', async () => {
    const one = await busyLearner()
    const [attempt] = await service.db.work<{ id: string }[]>`
      select id from learning.attempt where enrolment_id = ${one.enrolment} and ended_at is null`
    const id = uuidv7()
    await service.db.work`
      insert into learning.handed_in (id, attempt_id, question, name, type, size, bytes)
      values (${id}, ${attempt?.id ?? ''}, 't1', 'mi ensayo.txt', 'text/plain', 4, ${Buffer.from('Mine')})`
    await service.db.work`
      insert into learning.calendar (person, token) values (${one.id}, ${id})
      on conflict (person) do update set token = excluded.token`
    const { files = [] } = (await keeps.exportPerson(one.id)) ?? {}
    const path = `/internal/handed-in/${id}`
    expect(files).toHaveLength(3)
    expect(files).toContainEqual({ name: `${id}-mi_ensayo.txt`, path })
    expect(await (await keeps.file(path)).text()).toBe('Mine')
    expect((await service.get(path)).status).toBe(401)
    await erase(one.id, 'files')
    expect(await rowsWith(id)).toEqual([])
  })

  test('is erased, with what they wrote and what was written to them, and figures stay', async () => {
    const one = await busyLearner()
    await service.db.work`delete from learning.log where enrolment_id <> ${one.enrolment}`
    const before = await rowsWith(one.id)
    expect(before).toEqual(['calendar', 'enrolment'])
    const [{ taken } = { taken: 0 }] = await service.db.work<{ taken: number }[]>`
      select taken from learning.intake where course_id = 1`
    const erased = await erase(one.id, 'a')
    expect(erased).toEqual({
      erased: ['Your notes, places, essays and files in 1 course.'],
      kept: [{ what: expect.any(String), why: expect.any(String) }],
    })
    expect(await erase(one.id, 'a'), 'asked again').toEqual(erased)
    expect(await rowsWith(one.id)).toEqual([])
    const texts = await service.db.work`
      select 1 from learning.log where enrolment_id = ${one.enrolment}
      union all select 1 from learning.attempt where enrolment_id = ${one.enrolment}
        and answers::text like ${`%${secret}%`}
      union all select 1 from learning.extension where enrolment_id = ${one.enrolment} and reason <> ''
      union all select 1 from learning.handed_in h join learning.attempt a on a.id = h.attempt_id
        where a.enrolment_id = ${one.enrolment}
      union all select 1 from learning.mark m join learning.attempt a on a.id = m.attempt_id
        where a.enrolment_id = ${one.enrolment} and m.comment <> ''`
    expect(texts).toHaveLength(0)
    const points = await service.db.work`
      select item, points from learning.attempt where enrolment_id = ${one.enrolment} order by item`
    expect(points).toEqual([
      { item: 'essay', points: 0 },
      { item: 'exam', points: 1 },
    ])
    const [after] = await service.db.work`select taken from learning.intake where course_id = 1`
    expect(after).toEqual({ taken: taken - 1 })
    expect((await one.ask('GET', one.path)).status).toBe(404)
    expect(await erase(one.id, 'b')).toEqual({ erased: [], kept: [] })
    expect(await keeps.exportPerson(one.id)).toBeNull()
  })

  test('who taught is named no more', async () => {
    const teacher = await service.person('learner', 'instructor', 'administrator')
    const one = await enrolled(service, 1)
    await teacher.ask('POST', `${one.path}/extensions`, { item: 'exam', attempts: 1 })
    expect(await rowsWith(teacher.id)).toEqual(['extension'])
    await erase(teacher.id, 'c')
    expect(await rowsWith(teacher.id)).toEqual([])
  })
})
