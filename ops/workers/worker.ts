import cluster from 'node:cluster'
import { createTrust, type Leave } from '@colonnade/http'
import { Faults } from '../faults.ts'
import { inWords } from '../mendable.ts'
import { createLog, openProcess, type Process } from '../run.ts'
import { readSettings } from '../settings.ts'
import { Line } from './line.ts'
import { type Plan, toSupervisor, toWorker } from './questions.ts'
import { hearFromSibling } from './siblings.ts'

// The program of one worker: what `openProcess` opens, led by its supervisor alone. When the supervisor is gone,
// node:cluster ends this process.

/** For what is in flight; the supervisor waits a little longer. */
const graceMs = 12_000
const beginMs = 10_000
const longMs = 5000

// Ctrl-C reaches every process of the terminal; the supervisor alone decides what follows.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) {
  process.on(signal, () => {})
}
process.title = 'colonnade worker'

const faults = new Faults()
let opened: Process | undefined
let ending = false

function end(code: number, leave: Leave = { drainMs: 0 }): void {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(1), leave.drainMs + graceMs).unref()
  Promise.resolve(opened?.close(leave)).then(
    () => process.exit(code),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
}

process.on('uncaughtException', (error) => {
  console.error(error)
  end(1)
})

async function open(plan: Plan, line: Line): Promise<Process> {
  const settings = { ...readSettings(), PORT: plan.port }
  const urlOf = (service: string) => plan.databases[service] ?? ''
  return await openProcess({
    settings,
    data: plan.data,
    secrets: { secret: plan.secret, apiToken: plan.apiToken },
    database: { urlOf, directUrlOf: urlOf, embedded: false, stop: async () => {} },
    here: plan.here,
    proxy: plan.proxy,
    migrate: false,
    faults,
    log: createLog(settings).child({ worker: process.pid }),
    siblings: {
      share: (events) => line.ask(toSupervisor.share, events, longMs),
      metrics: () => line.ask(toSupervisor.sum, null, longMs),
    },
  })
}

/** Answers the supervisor from the very beginning, so that nothing is missed while this process opens. */
function answer(line: Line): void {
  line.answer(toWorker.alive, async () => null)
  line.answer(toWorker.leave, async (leave) => {
    end(0, leave)
    return null
  })
  line.answer(toWorker.break, async ({ service, fault }) => {
    faults.set(service, fault)
    return null
  })
  line.answer(toWorker.mend, async ({ service }) => {
    faults.mend(service)
    return null
  })
  line.answer(toWorker.forget, async (service) => {
    await opened?.proxy()?.forget(service)
    return null
  })
  line.answer(toWorker.measure, async () => (await opened?.metrics.json()) ?? [])
}

async function main(line: Line): Promise<void> {
  answer(line)
  try {
    const plan = await line.ask(toSupervisor.begin, null, beginMs)
    const trust = createTrust(plan.secret)
    line.answer(toWorker.hear, async (events) => {
      const proxy = opened?.proxy()
      if (!proxy) return { failed: [], taken: false }
      return { failed: await hearFromSibling(proxy, trust, events), taken: true }
    })
    for (const [service, fault] of Object.entries(plan.faults)) faults.set(service, fault)
    opened = await open(plan, line)
    const { url } = await opened.listen()
    await line.ask(toSupervisor.ready, { url }, beginMs)
  } catch (error) {
    await line.ask(toSupervisor.failed, inWords(error), longMs).catch(() => {})
    end(1)
  }
}

if (!cluster.worker) throw new Error('A worker is started by its supervisor: colonnade start.')
await main(new Line(cluster.worker))
