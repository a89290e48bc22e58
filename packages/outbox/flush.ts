import type { Entry, Held, Result } from './entry.ts'
import type { Store } from './store.ts'

/** What the server answered to a batch. */
export type Reply = {
  status: number
  results?: readonly Result[]
  why?: string
  retryAfterMs?: number
}

/** Asks the server. Rejects when no answer comes. */
export type Transport = {
  send(enrolment: string, entries: readonly Entry[]): Promise<Reply>
  /** Who is signed in in this browser now; null: nobody. */
  who(): Promise<string | null>
}

/** How a round ended. `waiting`: try again, not before `toldMs`; `blocked`: the server will not take one enrolment's work. */
export type Outcome =
  | { phase: 'saved' }
  | { phase: 'waiting' | 'blocked'; toldMs?: number }
  | { phase: 'signed-out' | 'other-person' }

/** Entries in one request, and how large they may be together, in letters of JSON. */
const most = 200
const largest = 200_000

type Round = {
  store: Store
  person: string
  transport: Transport
  /** Told of each acknowledged entry, once it is no longer held. */
  acknowledged(held: Held, result: Result): void
}

/**
 * Sends what is held for a person until nothing is left or something is in the way. What is sent is always the oldest of an
 * enrolment, so that the server hears it in the device's order; nothing leaves the store before the server has named it.
 */
export async function flush(round: Round): Promise<Outcome> {
  const blocked = new Set<string>()
  for (;;) {
    const held = (await round.store.list(round.person)).filter(
      (one) => one.refused === undefined && !blocked.has(one.enrolment),
    )
    const first = held[0]
    if (!first) return { phase: blocked.size > 0 ? 'blocked' : 'saved' }
    const batch = firstOf(held.filter((one) => one.enrolment === first.enrolment))
    const outcome = await sendBatch(round, batch)
    if (outcome === 'blocked') blocked.add(first.enrolment)
    else if (outcome !== 'done') return outcome
  }
}

/** As many of them as one request takes, from the first on; never none. */
export function firstOf(held: readonly Held[], letters = largest): Held[] {
  let sum = 0
  const end = held.findIndex(({ entry }, at) => {
    sum += JSON.stringify(entry).length
    return at >= most || (at > 0 && sum > letters)
  })
  return held.slice(0, end < 0 ? held.length : end)
}

async function sendBatch(
  round: Round,
  batch: readonly Held[],
): Promise<Outcome | 'done' | 'blocked'> {
  const [first] = batch
  if (!first) return 'done'
  const { transport, store } = round
  const reply = await transport
    .send(
      first.enrolment,
      batch.map(({ entry }) => entry),
    )
    .catch((): Reply => ({ status: 0 }))
  const { status, retryAfterMs } = reply
  const later: Outcome = {
    phase: 'waiting',
    ...(retryAfterMs === undefined ? {} : { toldMs: retryAfterMs }),
  }
  if (status === 401) return await whoIsIt(transport, round.person)
  if (status >= 200 && status < 300) {
    // An answer that names none of them is not from our server.
    return (await acknowledge(round, batch, reply.results ?? [])) ? 'done' : later
  }
  if (status === 403 || status === 404 || status === 409) {
    const who = await whoIsIt(transport, round.person)
    return who.phase === 'waiting' ? 'blocked' : who
  }
  if (status < 400 || status >= 500 || [408, 425, 429].includes(status)) return later
  // One entry that the server cannot read must not hold up the others: it is found by halving.
  if (batch.length === 1) {
    await store.refuse(first.entry.id, reply.why ?? String(status))
    return 'done'
  }
  const half = Math.ceil(batch.length / 2)
  const outcome = await sendBatch(round, batch.slice(0, half))
  return outcome === 'done' ? await sendBatch(round, batch.slice(half)) : outcome
}

/** Takes what the server named out of the store. @returns whether it named any */
async function acknowledge(
  { store, acknowledged }: Pick<Round, 'store' | 'acknowledged'>,
  batch: readonly Held[],
  results: readonly Result[],
): Promise<boolean> {
  const byId = new Map(results.map((result) => [result.id, result]))
  const named = batch.filter(({ entry }) => byId.has(entry.id))
  await store.remove(named.map(({ entry }) => entry.id))
  for (const held of named) {
    const result = byId.get(held.entry.id)
    if (result) acknowledged(held, result)
  }
  return named.length > 0
}

/** Whether whose work this is can send it: `waiting` when it is they who are signed in. */
export async function whoIsIt(transport: Transport, person: string): Promise<Outcome> {
  try {
    const who = await transport.who()
    if (who === person) return { phase: 'waiting' }
    return { phase: who === null ? 'signed-out' : 'other-person' }
  } catch {
    return { phase: 'waiting' }
  }
}
