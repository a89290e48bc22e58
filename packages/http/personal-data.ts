import type { Hono } from 'hono'
import { z } from 'zod'
import { askPeer } from './ask.ts'
import type { Backend } from './backend.ts'
import { jsonBody } from './body.ts'
import { Problem } from './problem.ts'
import type { Trust } from './token.ts'

/** All that a service keeps of a person, for themselves to read; null when it keeps nothing. */
export const personalData = z.object({
  /** Any JSON, with names that a person understands. */
  data: z.unknown(),
  /** Files beside it: their name in the archive, and the path at which the service gives them to other services. */
  files: z
    .array(
      z.object({ name: z.string().regex(/^[\w-][\w.-]{0,99}$/), path: z.string().startsWith('/') }),
    )
    .default([]),
})
export type PersonalData = z.infer<typeof personalData>
/** The same as it is written. */
export type PersonalDataGiven = z.input<typeof personalData>

/** What became of it, in sentences for the person to read, in the language that was asked for. */
export const erased = z.object({
  /** What is gone: “Your notes in 2 courses.” */
  erased: z.array(z.string()),
  /** What stays because others rely on it, no longer as theirs, and why. */
  kept: z.array(z.object({ what: z.string(), why: z.string() })),
})
export type Erased = z.infer<typeof erased>

const asked = z.object({ language: z.string().max(20), key: z.string().min(1).max(200) })
export type Erasing = z.infer<typeof asked>

/** What a service does that says `people: true`. */
export type KeepsPersonalData = {
  /** Nothing kept is `null`. */
  exportPerson(person: string): Promise<PersonalDataGiven | null>
  /**
   * Forgets a person. Asked at least once and more than once: what comes in with a token that still lived is swept by
   * asking again a few minutes later, under another `key`. Under the same key the answer must be the same (`once`).
   */
  erasePerson(person: string, asked: Erasing): Promise<Erased>
}

/** Answers `/internal/people/{id}/export` and `/erase`; mount after `mountInternals`, which checks who asks. */
export function mountPersonalData(app: Hono, keeps: KeepsPersonalData): void {
  const idOf = (id: string) => {
    const known = z.uuid().safeParse(id)
    if (!known.success) throw new Problem(404, 'That is no person’s id.')
    return known.data
  }
  app.get('/internal/people/:id/export', async (c) =>
    c.json(await keeps.exportPerson(idOf(c.req.param('id')))),
  )
  app.post('/internal/people/:id/erase', async (c) => {
    const given = asked.safeParse(await jsonBody(c.req.raw, 4096))
    if (!given.success) throw new Problem(422, z.prettifyError(given.error))
    return c.json(await keeps.erasePerson(idOf(c.req.param('id')), given.data))
  })
}

/** A service that keeps something of people, as accounts talks to it. @param budget milliseconds for each answer */
export function personalDataClient(backend: Backend, trust: Trust, budget: number) {
  const path = (person: string, what: string) => `/internal/people/${person}/${what}`
  return {
    exportPerson: (person: string): Promise<PersonalData | null> =>
      askPeer(backend, trust, path(person, 'export'), personalData.nullable(), { budget }),
    erasePerson: (person: string, json: Erasing): Promise<Erased> =>
      askPeer(backend, trust, path(person, 'erase'), erased, { method: 'POST', json, budget }),
    /** One of the files that the export names. Whoever takes the answer reads its body. */
    async file(at: string): Promise<Response> {
      const answer = await backend.fetch(at, {
        headers: { Authorization: await trust.header() },
        signal: AbortSignal.timeout(budget),
      })
      if (!answer.ok) throw new Error(`a file of an export is ${answer.status}`)
      return answer
    },
  }
}
