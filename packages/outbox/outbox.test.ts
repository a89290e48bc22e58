import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entry, Result } from './entry.ts'
import { openDevice } from './fixture/device.ts'
import { faultyNetwork, type Server } from './fixture/network.ts'
import { play, schedule } from './fixture/schedule.ts'
import { virtualClock } from './fixture/virtual-clock.ts'
import type { Reply } from './flush.ts'
import { openOutbox } from './outbox.ts'
import { memoryStore, type Store, withFallback } from './store.ts'
import { uuidv7 } from './uuid.ts'

const learner = { person: 'ada', enrolment: 'e-ada' }
const other = { person: 'bea', enrolment: 'e-bea' }
const draft = (number: number) => ({
  type: 'answer' as const,
  attempt: 'a1',
  question: `q${number % 3}`,
  data: { answer: String(number) },
})

/** A server that keeps a log for each of the two, and takes from each only their own. */
function smallServer(refuse: (entry: Entry) => boolean = () => false) {
  const logs = new Map<string, Entry[]>([
    [learner.enrolment, []],
    [other.enrolment, []],
  ])
  const server: Server = {
    async log(person, enrolment, entries): Promise<Reply> {
      if (person === null) return { status: 401 }
      if (enrolment !== `e-${person}`) return { status: 404 }
      if (entries.some(refuse)) return { status: 422, why: 'cannot be read' }
      const log = logs.get(enrolment) ?? []
      const results = entries.map((entry): Result => {
        if (log.some(({ id }) => id === entry.id)) return { id: entry.id, state: 'known' }
        log.push(entry)
        return { id: entry.id, state: 'kept' }
      })
      return { status: 200, results }
    },
    restart: async () => {},
  }
  return {
    server,
    logs,
    idsOf: (enrolment: string) => logs.get(enrolment)?.map(({ id }) => id) ?? [],
  }
}

async function audit(given: Parameters<typeof play>[0], spoil?: (store: Store) => Store) {
  const { server, idsOf } = smallServer()
  const { added, held } = await play(given, {
    server,
    learner,
    other,
    draft,
    ...(spoil ? { spoil } : {}),
    async midway(played) {
      const there = new Set([...idsOf(learner.enrolment), ...idsOf(other.enrolment)])
      for (const { id } of played.added) {
        expect(there.has(id) || played.held.has(id), `${id} is neither held nor there`).toBe(true)
      }
    },
  })
  expect(held.size).toBe(0)
  for (const who of [learner, other]) {
    const own = added.filter((one) => one.learner === who)
    const there = idsOf(who.enrolment)
    expect(new Set(there).size).toBe(there.length)
    expect(there).toEqual(expect.arrayContaining(own.map(({ id }) => id)))
    for (const tab of new Set(own.map((one) => one.tab))) {
      const mine = own.filter((one) => one.tab === tab).map(({ id }) => id)
      expect(there.filter((id) => mine.includes(id))).toEqual(mine)
    }
  }
}

describe('whatever happens', () => {
  test('nothing is lost, doubled, mixed up between people or out of order', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (given) => audit(given)),
      { numRuns: 150 },
    )
  })

  test('an outbox that forgets what it has sent would be found out', async () => {
    const forgetful = (store: Store): Store => ({
      ...store,
      async list(person) {
        const held = await store.list(person)
        await store.remove(held.map(({ entry }) => entry.id))
        return held
      },
    })
    await expect(
      fc.assert(
        fc.asyncProperty(schedule, async (given) => audit(given, forgetful)),
        { numRuns: 150, endOnFailure: true },
      ),
    ).rejects.toThrow('Property failed')
  })
})

function oneDevice(server: Server, fates: Parameters<typeof faultyNetwork>[1] = []) {
  const clock = virtualClock(Date.UTC(2026, 10, 29))
  const device = openDevice({
    clock,
    network: faultyNetwork(server, fates),
    skew: 0,
    person: learner.person,
  })
  return { clock, device, ...device.openTab(learner.person) }
}

test('one entry that the server cannot read is set aside and shown; the rest goes on', async () => {
  const { server, logs } = smallServer((entry) => entry.question === 'q1')
  const { device, outbox, clock } = oneDevice(server, ['is dropped'])
  for (let i = 0; i < 9; i++) await outbox.add(learner.enrolment, draft(i))
  await device.rest()
  clock.pass(10_000)
  await device.rest()
  expect(logs.get(learner.enrolment)?.map(({ question }) => question)).toEqual([
    'q0',
    'q2',
    'q0',
    'q2',
    'q0',
    'q2',
  ])
  expect(outbox.status).toMatchObject({ phase: 'saved', pending: 0 })
  expect(outbox.status.refused.map(({ refused }) => refused)).toEqual(
    Array.from({ length: 3 }, () => 'cannot be read'),
  )
  expect(await device.store.list(learner.person)).toHaveLength(3)
})

test('a session that ended keeps the work until its owner is back', async () => {
  const { server, idsOf } = smallServer()
  const { device, outbox } = oneDevice(server)
  device.signIn(null)
  await outbox.add(learner.enrolment, draft(1))
  await device.rest()
  expect(outbox.status).toMatchObject({ phase: 'signed-out', pending: 1 })
  device.signIn(other.person)
  outbox.nudge()
  await device.rest()
  expect(outbox.status).toMatchObject({ phase: 'other-person', pending: 1 })
  expect(idsOf(learner.enrolment)).toEqual([])
  device.signIn(learner.person)
  outbox.nudge()
  await device.rest()
  expect(outbox.status).toMatchObject({ phase: 'saved', pending: 0 })
  expect(idsOf(learner.enrolment)).toHaveLength(1)
})

test('a server that named a time is not asked before it, whatever is added or nudged', async () => {
  const { server, idsOf } = smallServer()
  const { device, outbox, clock } = oneDevice(server, ['is 429'])
  await outbox.add(learner.enrolment, draft(1))
  await device.rest()
  clock.pass(4999)
  await outbox.add(learner.enrolment, draft(2))
  outbox.nudge()
  outbox.leave()
  await device.rest()
  expect(idsOf(learner.enrolment)).toEqual([])
  expect(outbox.status).toMatchObject({ phase: 'waiting', pending: 2 })
  clock.pass(2000)
  await device.rest()
  expect(idsOf(learner.enrolment)).toHaveLength(2)
})

test('without network a new entry asks no sooner, and a network that is back does', async () => {
  const { server, idsOf } = smallServer()
  const { device, outbox } = oneDevice(server, ['is dropped'])
  await outbox.add(learner.enrolment, draft(1))
  await device.rest()
  await outbox.add(learner.enrolment, draft(2))
  await device.rest()
  expect(idsOf(learner.enrolment)).toEqual([])
  outbox.nudge()
  await device.rest()
  expect(idsOf(learner.enrolment)).toHaveLength(2)
})

test('work of an enrolment that is no more blocks none of another', async () => {
  const { server, idsOf } = smallServer()
  const { device, outbox } = oneDevice(server)
  await outbox.add('e-left', draft(1))
  await outbox.add(learner.enrolment, draft(2))
  await device.rest()
  expect(outbox.status).toMatchObject({ phase: 'blocked', pending: 1 })
  expect(idsOf(learner.enrolment)).toHaveLength(1)
})

test('where storage is closed or full, the page holds the work and says so', async () => {
  const full = async () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  let fell = 0
  const store = withFallback({ ...memoryStore(), add: full }, () => {
    fell += 1
  })
  const sent: string[] = []
  const outbox = openOutbox('ada', {
    store,
    transport: {
      async send(_, entries) {
        sent.push(...entries.map(({ id }) => id))
        return { status: 200, results: entries.map(({ id }) => ({ id, state: 'kept' })) }
      },
      who: async () => 'ada',
    },
    lastWords() {},
    changed() {},
    now: () => 0,
    after: () => () => {},
    random: Math.random,
    alone: (_, run) => run(),
  })
  const first = await outbox.add('e', draft(1))
  const second = await outbox.add('e', draft(2))
  await outbox.settled()
  expect(fell).toBe(2)
  expect(sent).toEqual([first.id, second.id])
  expect(outbox.status).toMatchObject({ phase: 'saved', pending: 0 })
})

test('what a device holds does not count as sent while it cannot be read', async () => {
  const device = memoryStore()
  let broken = false
  const list = async (person: string) => {
    if (broken) throw new DOMException('gone', 'UnknownError')
    return await device.list(person)
  }
  const store = withFallback({ ...device, list }, () => {})
  const held = { person: 'ada', enrolment: 'e', entry: { ...draft(1), id: uuidv7(1), at: 1 } }
  await store.add(held)
  broken = true
  await expect(store.list('ada')).rejects.toThrow('gone')
  broken = false
  expect(await store.list('ada')).toHaveLength(1)
})

test('ids are UUIDv7 of the time they were made', () => {
  const id = uuidv7(0x0123_4567_89ab)
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(uuidv7(1)).not.toBe(uuidv7(1))
})
