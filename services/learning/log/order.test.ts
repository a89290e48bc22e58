import { uuidv7 } from '@colonnade/http'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { coursePlan } from '../fixture/plan.ts'
import { type LearningFixture, openLearning } from '../fixture/service.ts'
import { listHeads } from '../queries/log.ts'

let service: LearningFixture
beforeAll(async () => {
  service = await openLearning()
  service.publish(coursePlan(1))
})

const begun = Date.now() - 1_000_000

/** What a device did: at which of four subjects, and whether it had heard of the other device's last version of it. */
const step = fc.record({
  device: fc.constantFrom(0, 1),
  subject: fc.constantFrom('q1', 'q2', 'note', 'place', 'done'),
  heard: fc.boolean(),
  value: fc.constantFrom('a', 'b', 'c'),
})
/** How it travels: which entries are sent again, in which order, how many at once, and whether requests overlap. */
const journey = fc.record({
  again: fc.array(fc.nat(39), { maxLength: 15 }),
  order: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 }),
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 60, maxLength: 60 }),
  overlapping: fc.boolean(),
})

type Step = { device: number; subject: string; heard: boolean; value: string }
type Made = { id: string; at: number; subject: string; after: string | null; body: object }

function makeEntries(steps: readonly Step[], attempt: string, note: string): Made[] {
  const own: Map<string, string>[] = [new Map(), new Map()]
  return steps.map(({ device, subject, heard, value }, place) => {
    const id = uuidv7()
    const at = begun + place * 1000
    const known = own[device] ?? new Map()
    if (heard) {
      const other = own[1 - device]?.get(subject)
      if (other !== undefined) known.set(subject, other)
    }
    const after = known.get(subject) ?? null
    known.set(subject, id)
    const shared = { id, at, after }
    const body =
      subject === 'note'
        ? { ...shared, type: 'note', lesson: 'l1', data: { note, text: value } }
        : subject === 'place'
          ? { ...shared, type: 'position', lesson: 'l1', data: { anchor: value } }
          : subject === 'done'
            ? { ...shared, type: 'done', lesson: 'l1' }
            : { ...shared, type: 'answer', attempt, question: subject, data: { answer: value } }
    return { id, at, subject, after, body }
  })
}

/** The versions that nothing follows, the latest first: what must be there, whatever happened on the way. */
function standing(made: readonly Made[], subject: string): string[] {
  const own = made.filter((one) => one.subject === subject).toSorted((a, b) => b.at - a.at)
  if (subject === 'place') return own.slice(0, 1).map(({ id }) => id)
  return own.filter(({ id }) => !own.some(({ after }) => after === id)).map(({ id }) => id)
}

test('any order, repetition and overlap of two devices’ entries comes to the same, and loses none', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 40 }),
      fc.array(journey, { minLength: 2, maxLength: 2 }),
      async (steps, journeys) => {
        for (const { again, order, sizes, overlapping } of journeys) {
          const one = await service.person()
          const { id } = await one.json('POST', '/api/enrolments', { courseId: 1 })
          const path = `/api/enrolments/${id}`
          const attempt = uuidv7()
          await one.ask('POST', `${path}/attempts`, { id: attempt, item: 'exam' })
          const note = uuidv7()
          const made = makeEntries(steps, attempt, note)
          const sent = [...made, ...again.flatMap((place) => made[place] ?? [])]
            .map((entry, place) => ({ entry, rank: order[place] ?? 0 }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ entry }) => entry.body)
          const requests = []
          for (const size of sizes) {
            const entries = sent.splice(0, size)
            if (entries.length === 0) break
            const request = one.ask('POST', `${path}/log`, { entries })
            requests.push(overlapping ? request : await request)
          }
          for (const answer of await Promise.all(requests)) expect(answer.status).toBe(200)

          const { entries } = await one.json('GET', `${path}/log`)
          const kept = entries.map((entry: { id: string }) => entry.id)
          expect(kept.toSorted()).toEqual(made.map((entry) => entry.id).toSorted())
          const { answers } = await one.json('GET', `/api/attempts/${attempt}`)
          for (const question of ['q1', 'q2']) {
            const given = answers[question]
            const ids = given ? [given, ...given.others].map((version) => version.entry) : []
            expect(ids).toEqual(standing(made, question))
          }
          for (const [begin, subject] of Object.entries({
            'note ': 'note',
            'position ': 'place',
          })) {
            const heads = await listHeads(service.db.hot, id, begin)
            expect(heads.map((head) => head.id)).toEqual(standing(made, subject))
          }
          const { done } = await one.json('GET', path)
          expect(done).toEqual(made.some(({ subject }) => subject === 'done') ? ['l1'] : [])
        }
      },
    ),
    { numRuns: 25 },
  )
})
