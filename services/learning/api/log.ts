import { inBatches } from '@colonnade/db'
import { type Api, decodeCursor, encodeCursor } from '@colonnade/http'
import { z } from 'zod'
import { noEnrolment } from '../access.ts'
import { entryResult } from '../log/entry.ts'
import { type Given, keepEntries } from '../log/keep.ts'
import { logBody, readEntry } from '../log/read.ts'
import { listEntries } from '../queries/log.ts'
import type { Learning } from '../running.ts'
import { byId, own } from './enrolments.ts'

const tag = 'Learning'
const page = 200

const keptEntry = z.looseObject({
  id: z.uuid(),
  type: z.string(),
  at: z.number(),
  receivedAt: z.string(),
  state: z.enum(['kept', 'late', 'refused']),
})

/** Adds to logs, many requests in one commit while an earlier one waits for the disk. */
export function openLog({ db, plans, nudge }: Pick<Learning, 'db' | 'plans' | 'nudge'>) {
  const keep = inBatches((batch: Given[]) => keepEntries(db.work, plans, batch), {
    most: 400,
    weigh: ({ entries }) => entries.length,
  })
  return async (given: Given) => {
    const kept = await keep(given)
    if (!kept) throw noEnrolment()
    if (kept.graded) nudge()
    return kept
  }
}

/** `/api/enrolments/{id}/log`: what a learner did, told by their devices. */
export function mountLog(api: Api, learning: Learning): void {
  const { db, access } = learning
  const add = openLog(learning)

  api.endpoint(
    {
      method: 'post',
      path: '/api/enrolments/:id/log',
      operation: 'addToLog',
      summary: 'Add to one’s own log',
      description:
        'Up to 200 entries in the order in which they were made. Each is stored once by its `id`, however often it is ' +
        'sent, and is durable when it is acknowledged. Types: `position`, `done`, `check`, `answer`, `submit`, `note`. ' +
        '`after` names the version of the same subject that the device knew; where the server has another one, both ' +
        'are kept and `conflict` names it. One entry that is wrong does not hold up the others: it is kept too, as ' +
        '`refused` or `late`, and does not count.',
      tag,
      params: byId,
      limit: 1024 * 1024,
      body: logBody,
      answers: {
        200: {
          description: 'What became of each, in the same order, and the server’s clock',
          body: z.object({ entries: z.array(entryResult), now: z.number() }),
        },
      },
      problems: [401],
    },
    async ({ request, params, body }) => {
      const came = performance.now()
      const person = await access.learner(request)
      const clock = Date.now()
      const { results, now } = await add({
        enrolment: params.id,
        person: person.id,
        entries: body.entries.map((one) => readEntry(one, clock)),
        behindMs: body.now === undefined ? 0 : clock - body.now,
        came,
      })
      return own({ entries: results, now })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/enrolments/:id/log',
      operation: 'listLog',
      summary: 'Read one’s own log',
      description:
        'What came after a cursor, from every device, in the order in which it came. `next` is there always: asked ' +
        'with later it gives what is new.',
      tag,
      params: byId,
      query: z.object({ after: z.string().max(100).optional() }),
      answers: {
        200: {
          description: 'At most 200 entries',
          body: z.object({ entries: z.array(keptEntry), next: z.string(), more: z.boolean() }),
        },
      },
      problems: [401],
    },
    async ({ request, params, query }) => {
      await access.own(request, params.id)
      const [after = 0] = decodeCursor(query.after, z.tuple([z.int().min(0)])) ?? []
      const rows = await listEntries(db.hot, params.id, { after, limit: page + 1 })
      const entries = rows.slice(0, page)
      const next = encodeCursor([entries.at(-1)?.place ?? after])
      return own({
        entries: entries.map((one) => {
          const { place: _, ...entry } = one
          return entry
        }),
        next,
        more: rows.length > page,
      })
    },
  )
}
