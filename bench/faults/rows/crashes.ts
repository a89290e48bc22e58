import { setTimeout as delay } from 'node:timers/promises'
import { longestGap, ms, pagesCame, percentile, within, writesBack } from '../figures.ts'
import { familyOf, workersOf } from '../processes.ts'
import { type Check, check, type Row, Skipped } from '../row.ts'
import { openBox, openParts, type Parts, page, underLoad } from '../stage.ts'

const onlyLinux = () => {
  if (process.platform !== 'linux') throw new Skipped('Only Linux tells of other processes.')
}

export const workerKilled: Row = {
  number: 1,
  fault: 'kill -9 one worker',
  made: 'SIGKILL to one of `WORKERS=2`',
  passes: '0 failed pages; worker back < 1 s',
  async run(stage) {
    onlyLinux()
    const box = await openBox(stage, { WORKERS: '2' })
    const before = workersOf(box.serving.pid)
    if (before.length < 2) throw new Skipped('WORKERS does nothing here: one process answers.')
    let back = Number.POSITIVE_INFINITY
    const { load, checks } = await underLoad(box, async () => {
      const [one = 0] = before
      process.kill(one, 'SIGKILL')
      const since = performance.now()
      while (performance.now() - since < 10_000) {
        await delay(10)
        const now = workersOf(box.serving.pid)
        if (!now.includes(one) && now.length === before.length) break
      }
      back = performance.now() - since
      await delay(stage.seconds(6) * 1000)
    })
    return [
      pagesCame(load),
      check(back < 1000, `another worker began after ${ms(back)}`),
      ...checks,
    ]
  },
}

export const serviceKilled: Row = {
  number: 2,
  fault: 'kill -9 a whole service',
  made: 'SIGKILL to the process of `instructors`, which a supervisor starts again',
  passes: 'page 200 ≥ 99.95 %, its section falls back; back < 2 s',
  async run(stage) {
    const parts = await openParts(stage)
    const { load, checks } = await underLoad(parts, async () => {
      process.kill(parts.instructors.serving.pid, 'SIGKILL')
      await waitUntil(() => parts.instructors.pauses.length > 0)
      await delay(stage.seconds(6) * 1000)
    })
    const [back = Number.POSITIVE_INFINITY] = parts.instructors.pauses
    return [
      pagesCame(load, 99.95),
      await keepsSection(parts),
      check(back < 2000, `it answered again ${ms(back)} after its end`),
      ...checks,
    ]
  },
}

/** The page holds the section's last good copy while the service is away. */
export async function keepsSection(parts: Parts): Promise<Check> {
  await parts.service.set({ refuse: true })
  await parts.change()
  const html = await (await fetch(parts.url + page)).text()
  await parts.service.set({})
  return check(
    html.includes('<section id="instructors"'),
    'the section stood from its last good copy',
  )
}

export const serviceFrozen: Row = {
  number: 3,
  fault: 'a service freezes (gray failure)',
  made: 'SIGSTOP to the process of `instructors`',
  passes: 'breaker open < 1 s; page p99 < 300 ms',
  async run(stage) {
    const parts = await openParts(stage)
    let opened = Number.POSITIVE_INFINITY
    const { load, checks, faultAt, mendedAt } = await underLoad(parts, async () => {
      process.kill(parts.instructors.serving.pid, 'SIGSTOP')
      try {
        const since = performance.now()
        const changing = setInterval(() => parts.change().catch(() => {}), 50)
        while (performance.now() - since < 10_000 && (await breakers(parts)) === 0) await delay(20)
        clearInterval(changing)
        opened = performance.now() - since
        await delay(stage.seconds(6) * 1000)
      } finally {
        process.kill(parts.instructors.serving.pid, 'SIGCONT')
      }
    })
    const during = within(load.pages, faultAt, mendedAt)
    const p99 = percentile(during, 99)
    const back = writesBack(load, mendedAt)
    return [
      pagesCame(load),
      check(p99 < 300, `page p99 ${ms(p99)} meanwhile`),
      check(opened < 1000, `a breaker was open after ${ms(opened)}`),
      check(back !== undefined, `writes were back ${ms(back ?? 0)} after it went on`),
      ...checks,
    ]
  },
}

async function breakers({ url, token }: Parts): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` }
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  const counts = [...text.matchAll(/^colonnade_breakers?_open\S* (\d+)/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

export const databaseKilled: Row = {
  number: 5,
  fault: 'kill -9 Postgres, single node',
  made: 'SIGKILL to the embedded Postgres, twice: the server, then the server with all its back ends',
  passes: '0 acknowledged lost; writes back < 5 s; cached pages untouched',
  async run(stage) {
    onlyLinux()
    const box = await openBox(stage)
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        for (const whole of [false, true]) {
          const [server = 0] = stage.trial.postgres()
          for (const pid of whole ? familyOf(server) : [server]) killIfThere(pid)
          await delay(stage.seconds(9) * 1000)
        }
      },
      { after: 5000 },
    )
    const gap = longestGap(load, faultAt, mendedAt + 4000)
    return [
      pagesCame(load),
      check(gap < 5000, `at most ${ms(gap)} without an acknowledged write`),
      check(true, `page p99 ${ms(percentile(within(load.pages, faultAt, mendedAt), 99))}`),
      ...checks,
    ]
  },
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended with its server.
  }
}

async function waitUntil(holds: () => boolean): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until && !holds(); ) await delay(20)
}
