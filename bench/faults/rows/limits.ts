import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connectTo, type Sql } from '@colonnade/db'
import { Group } from '../cgroup.ts'
import { ms, pagesCame, percentile, statuses, within, writesBack } from '../figures.ts'
import { familyOf } from '../processes.ts'
import { type Check, check, type Row, Skipped } from '../row.ts'
import { openBox, openParts, type Place, underLoad } from '../stage.ts'

const megabyte = 1024 * 1024

export const memoryHit: Row = {
  number: 19,
  fault: 'memory limit hit',
  made: 'a control group leaves `instructors` 24 MiB beyond what it held, and big writes arrive; a supervisor starts it again',
  passes: 'restart < 2 s; neighbours untouched',
  async run(stage) {
    const group = Group.make('memory', stage.cleanup)
    const parts = await openParts(stage)
    const { pid } = parts.instructors.serving
    group.take(pid)
    const { load, checks } = await underLoad(parts, async () => {
      // Memory held before it joined is not counted: what it takes from now on is.
      group.set('memory.limit_in_bytes', 24 * megabyte)
      const until = Date.now() + 30_000
      while (Date.now() < until && parts.instructors.pauses.length === 0) {
        await Promise.all(Array.from({ length: 50 }, () => sendBig(parts)))
      }
      await delay(stage.seconds(6) * 1000)
    })
    const [back] = parts.instructors.pauses
    if (back === undefined) throw new Skipped('The control group did not end the process.')
    const killed = parts.instructors.endings[0] === 'SIGKILL'
    return [
      check(killed, `the kernel ended it (${parts.instructors.endings[0]})`),
      check(back < 2000, `it answered again ${ms(back)} after its end`),
      pagesCame(load),
      ...checks,
    ]
  },
}

async function sendBig({ url, token }: Place): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const body = JSON.stringify({ firstName: 'Big', lastName: 'x'.repeat(250_000) })
  const signal = AbortSignal.timeout(5000)
  await fetch(`${url}/api/instructors`, { method: 'POST', headers, body, signal })
    .then((answer) => answer.arrayBuffer())
    .catch(() => {})
}

export const cpuGone: Row = {
  number: 20,
  fault: 'CPU credits gone (10 % of a core)',
  made: 'after ten seconds of load (credits do not run out on the first request) a control group gives platform and Postgres a tenth of a core',
  passes: '503 early; the cached page still flows',
  whole: true,
  async run(stage) {
    const group = Group.make('cpu', stage.cleanup)
    const box = await openBox(stage)
    const [server = 0] = stage.trial.postgres()
    for (const pid of [...familyOf(box.serving.pid), ...familyOf(server)]) group.take(pid)
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        group.set('cpu.cfs_quota_us', 10_000)
        await delay(stage.seconds(15) * 1000)
        group.set('cpu.cfs_quota_us', -1)
      },
      { rate: 300, before: 10_000, after: 5000 },
    )
    const pages = within(load.pages, faultAt, mendedAt)
    const writes = within(load.writes, faultAt, mendedAt)
    const refused = writes.filter(({ status }) => status !== 201)
    const early = percentile(refused, 99)
    return [
      pagesCame(load),
      check(true, `page p99 ${ms(percentile(pages, 99))} meanwhile`),
      check(
        refused.every(({ status }) => status === 503) && early < 3000,
        `writes meanwhile: ${statuses(writes)}${refused.length > 0 ? `; refused within ${ms(early)} (p99)` : ''}`,
      ),
      ...checks,
    ]
  },
}

export const handlesExhausted: Row = {
  number: 21,
  fault: 'file descriptors, connections exhausted',
  made: '`prlimit` leaves the process 40 file descriptors more while 200 idle clients connect; then other clients take every connection of Postgres',
  passes: 'queues, sheds, recovers alone',
  async run(stage) {
    const box = await openBox(stage)
    const { pid } = box.serving
    const during: Check[] = []
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        const before = handlesOf(pid)
        const idle = exhaustHandles(pid, box.serving.port)
        await delay(stage.seconds(6) * 1000)
        for (const socket of idle) socket.destroy()
        limitHandles(pid, before)
        await delay(1000)
        const taken = await takeConnections(box.database)
        during.push(check(taken.length > 0, `${taken.length} connections to Postgres taken`))
        await delay(stage.seconds(6) * 1000)
        await Promise.all(taken.map((sql) => sql.end({ timeout: 1 })))
      },
      { after: 5000 },
    )
    const writes = within(load.writes, faultAt, mendedAt)
    const back = writesBack(load, mendedAt)
    return [
      check(box.serving.alive(), 'the process lived on'),
      ...during,
      check(
        within(load.pages, mendedAt, mendedAt + 5000).every(({ status }) => status === 200),
        `pages: ${statuses(load.pages)}`,
      ),
      check(
        writes.every(({ status }) => status === 201 || status === 503 || status === 0),
        `writes meanwhile: ${statuses(writes)}`,
      ),
      check(back !== undefined && back < 2000, `writes were back ${ms(back ?? 0)} after it`),
      ...checks,
    ]
  },
}

/** How many file descriptors a process may open now. */
function handlesOf(pid: number): number {
  const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1])
}

function limitHandles(pid: number, most: number): void {
  try {
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${most}:`], { stdio: 'pipe' })
  } catch (error) {
    throw new Skipped(`prlimit cannot be used here: ${String(error).split('\n').at(-2)}`)
  }
}

/** Leaves the process few file descriptors and takes those. */
function exhaustHandles(pid: number, port: number): Socket[] {
  limitHandles(pid, readdirSync(`/proc/${pid}/fd`).length + 40)
  return Array.from({ length: 200 }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    return socket
  })
}

async function takeConnections(url: string): Promise<Sql[]> {
  const taken: Sql[] = []
  for (let i = 0; i < 200; i++) {
    const sql = connectTo(url, { connect_timeout: 2 })
    try {
      await sql`select 1`
      taken.push(sql)
    } catch {
      await sql.end({ timeout: 0 })
      break
    }
  }
  return taken
}
