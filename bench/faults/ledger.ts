import { setTimeout as delay } from 'node:timers/promises'
import { connectTo, type Sql } from '@colonnade/db'
import type { Load, Write } from './load.ts'
import { type Check, check } from './row.ts'

/** What became of a load's writes. */
export type Audit = {
  acknowledged: number
  /** Acknowledged, and not there. */
  lost: number
  /** Acknowledged with another answer than the one that is kept under the key. */
  otherwise: number
  /** There more than once, whether acknowledged or not. */
  doubled: number
  unacknowledged: number
  /** Of those: there already, by a commit whose answer was lost. */
  silent: number
  /** Of those: there exactly once after the same key was sent again. */
  settled: number
  /** The last answers, each once, of those that were still not acknowledged. */
  refused: string[]
}

type Where = { url: string; token: string; database: string; mark: string }

/**
 * Compares what was acknowledged with what the database holds, sends every write that was not acknowledged again under
 * its key (`again` of them at most), and compares once more.
 */
export async function audit(
  load: Load,
  where: Where,
  { again = Number.POSITIVE_INFINITY }: { again?: number } = {},
): Promise<Audit> {
  const sql = connectTo(where.database, { connect_timeout: 5 })
  try {
    const before = await readStored(sql, where.mark)
    const acknowledged = load.writes.filter(({ answer }) => answer !== undefined)
    const others = load.writes.filter(({ answer }) => answer === undefined).slice(0, again)
    const refused = await sendAgain(where, others)
    const after = await readStored(sql, where.mark)
    const once = ({ name }: Write) => after.count.get(name) === 1
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter(({ name }) => !before.count.has(name)).length,
      otherwise: acknowledged.filter(({ key, answer }) => before.answers.get(key) !== answer)
        .length,
      doubled: [...after.count.values()].filter((count) => count > 1).length,
      unacknowledged: others.length,
      silent: others.filter(({ name }) => before.count.has(name)).length,
      settled: others.filter(once).length,
      refused,
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/**
 * The audit as checks of a row.
 * @param spoiled whether answers were changed on their way, so that they cannot be the ones that are kept
 */
export function auditChecks(found: Audit, spoiled = false): Check[] {
  const { acknowledged, lost, otherwise, doubled, unacknowledged, silent, settled, refused } = found
  return [
    check(
      lost === 0 && doubled === 0 && acknowledged > 0,
      `${acknowledged} writes acknowledged, ${lost} lost, ${doubled} doubled`,
    ),
    ...(otherwise > 0
      ? [check(spoiled, `${otherwise} acknowledged in other words than those that are kept`)]
      : []),
    check(
      settled === unacknowledged,
      unacknowledged === 0
        ? 'none left without an answer'
        : `${unacknowledged} without an acknowledgement (${silent} of them committed): ` +
            `sent again, ${settled} are there once${refused.map((why) => `; ${why}`).join('')}`,
    ),
  ]
}

async function readStored(sql: Sql, mark: string) {
  const rows = await sql<{ name: string; count: number }[]>`
    select first_name as name, count(*)::int as count
    from instructors.instructor where last_name = ${mark} group by first_name`
  const kept = await sql<{ key: string; body: string }[]>`
    select key, body from instructors.idempotency`
  return {
    count: new Map(rows.map(({ name, count }) => [name, count])),
    answers: new Map(kept.map(({ key, body }) => [key, body])),
  }
}

/** All of them, until each is acknowledged or half a minute is over. @returns the last answers of those that are not */
async function sendAgain(where: Where, writes: readonly Write[]): Promise<string[]> {
  const until = Date.now() + 30_000
  const waiting = writes.values()
  const refused: string[] = []
  const some = async () => {
    for (const write of waiting) {
      let why: string | undefined = 'there was no time to send it again'
      while (why && Date.now() < until) {
        why = await send(where, write)
        if (why) await delay(100)
      }
      if (why) refused.push(why)
    }
  }
  await Promise.all(Array.from({ length: 8 }, some))
  return [...new Set(refused)]
}

/** @returns why it is not acknowledged; undefined when it is */
async function send(
  { url, token, mark }: Where,
  { key, name }: Write,
): Promise<string | undefined> {
  const headers = {
    Authorization: `Bearer ${token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
  }
  const body = JSON.stringify({ firstName: name, lastName: mark })
  const signal = AbortSignal.timeout(10_000)
  try {
    const path = `${url}/api/instructors`
    const response = await fetch(path, { method: 'POST', headers, body, signal })
    const text = await response.text()
    return response.status === 201 ? undefined : `${response.status} ${text}`
  } catch (error) {
    return String(error)
  }
}
