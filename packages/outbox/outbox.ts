import { createBackOff } from './back-off.ts'
import type { Draft, Entry, Held, Result } from './entry.ts'
import { firstOf, flush, type Outcome, type Transport, whoIsIt } from './flush.ts'
import type { Store } from './store.ts'
import { uuidv7 } from './uuid.ts'

/** Everything of the world that an outbox needs; the browser's is in `browser.ts`, a test's is virtual. */
export type World = {
  store: Store
  transport: Transport
  /** Sends without waiting for the answer, from a page that is going away. */
  lastWords(enrolment: string, entries: readonly Entry[]): void
  now(): number
  /** Runs later. @returns how to call it off */
  after(ms: number, run: () => void): () => void
  random(): number
  /** Tells the other tabs that what is held has changed: they `refresh`. */
  changed(): void
  /** Runs while no other tab of the origin runs under the same name. */
  alone<Value>(name: string, run: () => Promise<Value>): Promise<Value>
}

/** `saving`: on its way; the rest says what is in the way. `pending` counts what the server has not acknowledged. */
export type Status = {
  phase: 'saving' | Outcome['phase']
  pending: number
  refused: readonly Held[]
}

export type Listener = {
  status?(status: Status): void
  /** The server has it. */
  acknowledged?(held: Held, result: Result): void
}

export type Outbox = ReturnType<typeof openOutbox>

/** In place of a number, while the store takes it. */
const notYet = Number.MAX_SAFE_INTEGER

const isAway = (phase: Status['phase']) => phase === 'signed-out' || phase === 'other-person'

type Reason = 'added' | 'nudged'

/** Letters that browsers take of a page that is going away (64 KiB), with room for the rest of the request. */
const lastLetters = 15_000

/** Holds a person's work until the server has it, and sends it as soon as it can be sent. */
export function openOutbox(person: string, world: World) {
  const listeners = new Set<Listener>()
  const backOff = createBackOff(world.random)
  /** What this tab knows to be held, for when there is no time to ask the store. */
  const known = new Map<string, Held>()
  let status: Status = { phase: 'saved', pending: 0, refused: [] }
  let running: Promise<void> | undefined
  /** Why another round follows the one that runs. */
  let again: Reason | undefined
  /** What the next round waits for; `told`: the server said not to come sooner. */
  let wait: { told: boolean; callOff(): void } | undefined
  let closed = false

  function tell(phase: Status['phase']): void {
    const all = [...known.values()]
    status = {
      phase,
      pending: all.filter((held) => held.refused === undefined).length,
      refused: all.filter((held) => held.refused !== undefined),
    }
    for (const listener of listeners) listener.status?.(status)
  }

  function acknowledged(held: Held, result: Result): void {
    known.delete(held.entry.id)
    for (const listener of listeners) listener.acknowledged?.(held, result)
    world.changed()
  }

  /** What the store holds now: other tabs add to it and send from it. */
  async function look(): Promise<void> {
    const held = await world.store.list(person)
    const coming = [...known.values()].filter(({ seq }) => seq === notYet)
    known.clear()
    for (const one of [...held, ...coming]) {
      if (!known.has(one.entry.id)) known.set(one.entry.id, one)
    }
  }

  async function run(): Promise<void> {
    wait?.callOff()
    wait = undefined
    if (known.size > 0 && !isAway(status.phase)) tell('saving')
    const outcome = await world.alone(`colonnade-outbox-${person}`, async () => {
      // Nothing of one person's goes out with the session of another.
      const away = isAway(status.phase) ? await whoIsIt(world.transport, person) : undefined
      if (away && isAway(away.phase)) return away
      const ended = await flush({
        store: world.store,
        person,
        transport: world.transport,
        acknowledged,
      })
      await look()
      return ended
    })
    if (closed) return
    if (outcome.phase === 'saved') backOff.reset()
    else if (outcome.phase === 'waiting' || outcome.phase === 'blocked') {
      later(backOff.next(outcome.toldMs), outcome.toldMs !== undefined)
    }
    tell(outcome.phase)
  }

  function later(ms: number, told: boolean): void {
    wait = { told, callOff: world.after(ms, () => start('nudged')) }
  }

  function start(reason: Reason): void {
    if (closed) return
    if (running) {
      if (again !== 'nudged') again = reason
      return
    }
    running = run()
      // The store failed where it must not: what it holds is sent when it works again.
      .catch(() => later(backOff.next(), false))
      .finally(() => {
        running = undefined
        const reason = again
        again = undefined
        if (reason === 'nudged') nudge()
        else if (reason && !wait) start(reason)
      })
  }

  /**
   * Sends now what can be sent. Whoever sees a reason calls it: a network that is back, a page shown again. A server that
   * named a time is not asked before it.
   */
  function nudge(): void {
    if (!wait?.told) start('nudged')
  }

  /** The same as `add` for a page that cannot wait: the entry at once, and when the device has it. */
  function put(enrolment: string, draft: Draft): { entry: Entry; kept: Promise<void> } {
    const at = world.now()
    const entry: Entry = { ...draft, id: uuidv7(at), at }
    const given = { person, enrolment, entry }
    known.set(entry.id, { ...given, seq: notYet })
    tell(wait || isAway(status.phase) ? status.phase : 'saving')
    const kept = world.store.add(given).then((held) => {
      known.set(entry.id, held)
      world.changed()
      // One more thing to send is no reason to ask again sooner, unless others wait for nothing.
      if (!wait || status.phase === 'blocked') start('added')
    })
    return { entry, kept }
  }

  return {
    person,
    get status(): Status {
      return status
    },
    put,
    /** Keeps what a person did. Resolved: the device has it, whatever happens to the page; it is being sent. */
    async add(enrolment: string, draft: Draft): Promise<Entry> {
      const { entry, kept } = put(enrolment, draft)
      await kept
      return entry
    },
    /** What is held for an enrolment, oldest first. */
    async held(enrolment: string): Promise<Held[]> {
      return (await world.store.list(person)).filter((held) => held.enrolment === enrolment)
    },
    nudge,
    /** Once no round is under way: how it ended. */
    async settled(): Promise<Status> {
      while (running) await running
      return status
    },
    /** The page is going away, perhaps for good: what is held is sent without waiting. It stays held. */
    leave(): void {
      if (isAway(status.phase) || wait?.told) return
      const open = [...known.values()].filter((held) => held.refused === undefined)
      for (const enrolment of new Set(open.map((held) => held.enrolment))) {
        const first = firstOf(
          open.filter((held) => held.enrolment === enrolment),
          lastLetters,
        )
        world.lastWords(
          enrolment,
          first.map(({ entry }) => entry),
        )
      }
    },
    /** Another tab has added or sent something. */
    async refresh(): Promise<void> {
      if (running || closed) return
      await look()
      const open = [...known.values()].some((held) => held.refused === undefined)
      tell(open ? status.phase : 'saved')
    },
    listen(listener: Listener): () => void {
      listeners.add(listener)
      listener.status?.(status)
      return () => listeners.delete(listener)
    },
    close(): void {
      closed = true
      wait?.callOff()
    },
  }
}
