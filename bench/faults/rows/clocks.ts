import { setTimeout as delay } from 'node:timers/promises'
import { connectTo } from '@colonnade/db'
import { createTrust } from '@colonnade/http'
import type { Trial } from '../../../ops/testing/trial.ts'
import { type Clock, clockOf, sweepClocks } from '../clock.ts'
import { ms, pagesCame, percentile, statuses, within } from '../figures.ts'
import { type Check, check, type Row } from '../row.ts'
import { openParts, type Parts, page, underLoad } from '../stage.ts'

/** Days by which the clocks of proxy and instructors are off, one after the other. */
const wrong = [
  [2, 0],
  [-2, 0],
  [0, 2],
  [0, -2],
  [2, -2],
  [-2, 2],
] as const

export const clockWrong: Row = {
  number: 18,
  fault: 'clock ± 2 days',
  made: 'libfaketime sets the clocks of the running proxy and `instructors` two days ahead and behind: one, then the other, then both apart; at last both right',
  passes: 'sessions bounded; no negative time',
  async run(stage) {
    const clocks = [clockOf(stage.trial, 'proxy'), clockOf(stage.trial, 'instructors')] as const
    stage.cleanup.add(async () => {
      await stage.trial.stop()
      sweepClocks()
    })
    let fragments = 0
    const parts = await openParts(stage, {
      more: { proxy: clocks[0].settings, instructors: clocks[1].settings },
      served(direction, bytes) {
        if (direction === 'up') fragments += bytes.toString('latin1').split('GET /frag').length - 1
      },
    })
    const set = async (proxy: number, instructors: number) => {
      clocks[0].set(proxy)
      clocks[1].set(instructors)
      await Promise.all([untilOff(parts.url, proxy), untilOff(parts.behind, instructors)])
    }
    const told: Check[] = []
    let calls = 0
    const { load, checks, faultAt, mendedAt } = await underLoad(
      parts,
      async () => {
        fragments = 0
        for (const [proxy, instructors] of wrong) {
          await set(proxy, instructors)
          told.push(...(await whatHolds(parts, proxy, instructors)))
          await delay(stage.seconds(3) * 1000)
        }
        told.push(await doctorTells(stage.trial, parts, clocks[1]))
        calls = fragments
        await set(0, 0)
        told.push(await heals(parts))
      },
      { after: 6000 },
    )
    const during = within(load.pages, faultAt, mendedAt)
    return [
      pagesCame(load),
      check(true, `page p99 ${ms(percentile(during, 99))} meanwhile`),
      check(
        load.writes.every(({ status }) => status === 201),
        `writes: ${statuses(load.writes)}`,
      ),
      check(calls < during.length / 5, `${calls} fragments asked for ${during.length} pages`),
      ...summed(told),
      ...checks,
    ]
  },
}

/** Until a process has looked at its clock again; its answers are dated by it. */
async function untilOff(url: string, days: number): Promise<void> {
  for (const until = performance.now() + 10_000; performance.now() < until; await delay(100)) {
    const answer = await fetch(`${url}/healthz`)
    await answer.arrayBuffer()
    const off = Date.parse(answer.headers.get('date') ?? '') - Date.now()
    if (Math.abs(off - days * 86_400_000) < 5000) return
  }
  throw new Error(`${url} does not see its clock ${days} days off.`)
}

/** While clocks are wrong: a write shows, a token from another time is refused, and nothing is told in negative time. */
async function whatHolds(parts: Parts, proxy: number, instructors: number): Promise<Check[]> {
  const status = await tellProxy(parts)
  const days = (value: number) => `${value > 0 ? '+' : ''}${value}`
  const at = `proxy ${days(proxy)}, instructors ${days(instructors)}`
  return [
    proxy === 0
      ? check(
          status === 200,
          `with a right clock the proxy takes what one signs: ${status} (${at})`,
        )
      : check(status === 401, `with a wrong one it refuses that: ${status} (${at})`),
    check(await writeShows(parts), `a write showed on the page at once (${at})`),
    check(await noNegativeTime(parts), `no figure is negative (${at})`),
  ]
}

/** How the proxy answers an event that is signed now. */
async function tellProxy({ url, secret }: Parts): Promise<number> {
  const headers = {
    Authorization: await createTrust(secret).header(),
    'Content-Type': 'application/json',
  }
  const body = JSON.stringify({ events: [] })
  const answer = await fetch(`${url}/internal/events`, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  return answer.status
}

/** Whether the page shows a new teacher within two seconds of the answer to the write that added them. */
async function writeShows({ url, token, courseId }: Parts): Promise<boolean> {
  const lastName = `Clock${crypto.randomUUID().slice(0, 8)}`
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const body = JSON.stringify({
    firstName: 'Harrison',
    lastName,
    teaches: [{ courseId, role: 'assistant' }],
  })
  const answer = await fetch(`${url}/api/instructors`, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  for (const until = performance.now() + 2000; performance.now() < until; await delay(50)) {
    if ((await (await fetch(url + page)).text()).includes(lastName)) return answer.status === 201
  }
  return false
}

async function noNegativeTime({ url, behind, token }: Parts): Promise<boolean> {
  const headers = { Authorization: `Bearer ${token}` }
  for (const place of [url, behind]) {
    const text = await (await fetch(`${place}/metrics`, { headers })).text()
    if (!text.includes('# TYPE') || /^[^#\n]* -[\d.]/m.test(text)) return false
  }
  return true
}

/** The doctor of the wrong host says so. */
async function doctorTells(trial: Trial, parts: Parts, clock: Clock): Promise<Check> {
  clock.set(2)
  const said = trial.spawn(['doctor'], {
    ...parts.instructors.serving.settings,
    ...clock.settings,
  })
  await said.ended
  const line = said.output().match(/This clock is 17\d{4} s ahead of [^.]*/)?.[0]
  return check(line !== undefined, `doctor: ${line ?? 'says nothing of the clock'}`)
}

/** With right clocks every event arrives, the longest pause between two tries later. */
async function heals(parts: Parts): Promise<Check> {
  const sql = connectTo(parts.database)
  const since = performance.now()
  try {
    while (performance.now() - since < 15_000) {
      const [row] = await sql<{ waiting: number }[]>`
        select count(*)::int as waiting from instructors.delivery d
        join instructors.outbox o on o.id = d.event
        where o.occurred_at < now() - interval '6 seconds'`
      if (row?.waiting === 0 && (await tellProxy(parts)) === 200) break
      await delay(100)
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
  const took = performance.now() - since
  const shows = await writeShows(parts)
  return check(
    took < 15_000 && shows,
    `with right clocks again every event had arrived after ${ms(took)}, and a write showed`,
  )
}

/** One check for each kind: all of them held, or those that did not. */
function summed(told: readonly Check[]): Check[] {
  const failed = told.filter(({ holds }) => !holds)
  const kinds = new Set(told.map(({ seen }) => seen.replace(/ \(proxy .*\)$/, '')))
  return failed.length > 0 ? failed : [...kinds].map((kind) => check(true, kind))
}
