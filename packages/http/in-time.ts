import { setTimeout as delay, setImmediate as read } from 'node:timers/promises'
import { pathnameOf } from './pathname.ts'
import { problem, problemText } from './problem.ts'
import { RouteTree } from './route-tree.ts'
import type { FastAnswer, RunningService, ServiceDefinition } from './service.ts'

/** After this long somebody looks whether what is being waited for can come at all. */
const askAfterMs = 550
/** So often, `everyMs` apart, is it looked whether that came. */
const askingTurns = 3
/** And this long nobody waits, whatever it says. */
const longestMs = 15_000
const everyMs = 50

type Waiting = { since: number; giveUp(): void }

const why = 'What this needs does not answer. Try again in a moment.'

/**
 * The service with an end to waiting: when its database falls silent, whoever waits is told within a second (503), in
 * place of hanging until a connection breaks. What was asked may still take effect. A database that answers is waited
 * for, however slow its disk.
 */
export function inTime(
  definition: Pick<ServiceDefinition, 'patient'>,
  service: RunningService,
): RunningService {
  const patient = new RouteTree<true>()
  for (const pattern of definition.patient ?? []) patient.add(pattern, true)
  // In order of their beginning, as sets are.
  const waiting = new Set<Waiting>()
  let looking = false
  // Only while somebody waits: seven services that look twenty times a second keep an idle machine awake.
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const [oldest] = waiting
    if (!oldest) {
      clearInterval(timer)
      timer = undefined
    }
    const now = performance.now()
    if (looking || !oldest || now - oldest.since < askAfterMs) return
    looking = true
    const ready = await answersSoon(service)
    for (const one of waiting) {
      const waited = now - one.since
      if (waited < askAfterMs) break
      if (!ready || waited > longestMs) one.giveUp()
    }
    looking = false
  }

  function wait<T>(answer: T | Promise<T>, instead: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const one: Waiting = {
        since: performance.now(),
        giveUp() {
          waiting.delete(one)
          resolve(instead())
        },
      }
      waiting.add(one)
      timer ??= setInterval(() => void look(), everyMs).unref()
      Promise.resolve(answer).then(
        (given) => {
          waiting.delete(one)
          resolve(given)
        },
        (error: unknown) => {
          waiting.delete(one)
          reject(error)
        },
      )
    })
  }

  return {
    ...service,
    app: {
      fetch: (request) =>
        patient.find(pathnameOf(request))
          ? service.app.fetch(request)
          : wait(service.app.fetch(request), () => problem(503, why)),
    },
    fast(path, search) {
      const answer = service.fast?.(path, search)
      return answer && wait(answer, away)
    },
    async close() {
      clearInterval(timer)
      await service.close?.()
    },
  }
}

const away = (): FastAnswer => ({
  status: 503,
  headers: {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
  },
  body: problemText(503, why),
})

/**
 * Whether the service is ready soon: 150 ms in a process that runs, longer in one that is held up itself. What starves
 * this process starves a database beside it, and an answer that has arrived must be read before it counts as late.
 */
async function answersSoon(service: RunningService): Promise<boolean> {
  let ready: boolean | undefined
  service.ready?.().then(
    () => {
      ready = true
    },
    () => {
      ready = false
    },
  )
  for (let turn = 0; turn < askingTurns && ready === undefined; turn++) {
    await delay(everyMs)
    await read()
  }
  return ready ?? !service.ready
}
