import type { Entry, Result } from './entry.ts'
import type { Reply, Transport } from './flush.ts'
import { indexedDbStore } from './indexed-db.ts'
import { type Outbox, openOutbox, type World } from './outbox.ts'
import { withFallback } from './store.ts'

/** A request that takes longer is given up, and sent again: the server knows an entry by its id. */
const patienceMs = 15_000

const logOf = (enrolment: string) => `/api/enrolments/${enrolment}/log`

type Options = {
  /** Entries are in this page only from here on: storage is closed or full. */
  fell(): void
}

/** The outbox of this browser for a person, with all that makes it send. */
export function openBrowserOutbox(person: string, { fell }: Options): Outbox {
  const channel =
    'BroadcastChannel' in window ? new BroadcastChannel(`colonnade-outbox-${person}`) : undefined
  const outbox = openOutbox(
    person,
    worldOf(fell, () => channel?.postMessage('changed')),
  )

  const stopAsking = outbox.listen({
    status({ phase, pending }) {
      if (phase !== 'waiting' || pending === 0) return
      // Now there is something that a browser short of space must not throw away.
      void navigator.storage?.persist?.()
      stopAsking()
    },
  })
  channel?.addEventListener('message', () => void outbox.refresh())
  window.addEventListener('online', outbox.nudge)
  window.addEventListener('pageshow', outbox.nudge)
  window.addEventListener('pagehide', outbox.leave)
  document.addEventListener('visibilitychange', () => {
    // A phone may never come back to a page that is hidden.
    if (document.visibilityState === 'hidden') outbox.leave()
    else outbox.nudge()
  })
  outbox.nudge()
  return outbox
}

function worldOf(fell: () => void, changed: () => void): World {
  return {
    store: withFallback(indexedDbStore(), fell),
    transport,
    // Whatever comes of it, the entries stay held, and are sent once more when the person is back.
    lastWords: (enrolment, entries) =>
      void post(enrolment, entries, { keepalive: true }).catch(() => {}),
    now: Date.now,
    changed,
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    async alone(name, run) {
      // Plain http has no locks. Then two tabs may send the same, which the server takes once.
      if (!('locks' in navigator)) return await run()
      let isOurTurn = false
      // Nor is a tab waited for that a phone has put to sleep in its turn.
      const signal = AbortSignal.timeout(2 * patienceMs)
      try {
        return await navigator.locks.request(name, { signal }, () => {
          isOurTurn = true
          return run()
        })
      } catch (error) {
        if (isOurTurn) throw error
        return await run()
      }
    },
  }
}

const transport: Transport = {
  send: async (enrolment, entries) =>
    await readReply(await post(enrolment, entries, { signal: AbortSignal.timeout(patienceMs) })),
  async who() {
    const answer = await fetch('/api/me', { signal: AbortSignal.timeout(patienceMs) })
    if (answer.status === 204) return null
    const id = field(await answer.json(), 'id')
    if (!answer.ok || typeof id !== 'string') throw new Error('who is signed in is not known')
    return id
  },
}

const post = (enrolment: string, entries: readonly Entry[], init: RequestInit) =>
  fetch(logOf(enrolment), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ entries, now: Date.now() }),
    // What a page in between answers, such as a network's sign-in, is no answer.
    redirect: 'error',
    ...init,
  })

async function readReply(answer: Response): Promise<Reply> {
  const body: unknown = await answer.json().catch(() => null)
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  const why = field(body, 'detail')
  return {
    status: answer.status,
    results: readResults(field(body, 'entries')),
    ...(typeof why === 'string' ? { why } : {}),
    ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}),
  }
}

const states = ['kept', 'known', 'late', 'refused'] as const

function readResults(list: unknown): Result[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((one: unknown): Result[] => {
    const id = field(one, 'id')
    const state = states.find((known) => known === field(one, 'state'))
    if (typeof id !== 'string' || !state) return []
    const why = field(one, 'why')
    const conflict = field(one, 'conflict')
    return [
      {
        id,
        state,
        ...(typeof why === 'string' ? { why } : {}),
        ...(typeof conflict === 'string' ? { conflict } : {}),
      },
    ]
  })
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Reflect.get(value, name)
    : undefined
}
