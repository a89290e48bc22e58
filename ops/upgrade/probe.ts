import { get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Running } from '../running.ts'

/** Why a release does not go live, or does not stay; told to the person at the terminal as it is. */
export class ReleaseFailed extends Error {}

/** What is asked: every turn asks for something else where a cache would answer the same. */
export type Probe = { name: string; path(turn: number): string }

/** Milliseconds that each probe took, by its name. */
export type Times = Map<string, number[]>

/** A release may take this many times as long as the running one, and this many milliseconds more. */
const slower = { times: 5, ms: 25 }
const patienceMs = 5000

const courses = z.object({ items: z.array(z.object({ id: z.number(), slug: z.string() })) })

/** What to ask of a process: pages of a proxy, reads of its interface, and always whether it is ready. */
export async function chooseProbes(
  running: Pick<Running, 'url' | 'proxy' | 'services'>,
): Promise<Probe[]> {
  const same = (path: string): Probe => ({ name: path, path: () => path })
  const list = (path: string): Probe => ({
    name: path,
    path: (turn) => `${path}?limit=${1 + (turn % 100)}`,
  })
  const answer = await ask(`${running.url}/api/courses?limit=1`).catch(() => undefined)
  const [course] = answer?.status === 200 ? courses.parse(JSON.parse(answer.body)).items : []
  const has = (service: string) => running.proxy || running.services.includes(service)
  return [
    same('/readyz'),
    ...(running.proxy ? [same('/'), same('/courses')] : []),
    ...(running.proxy && course ? [same(`/learn/${course.slug}`)] : []),
    ...(has('courses') ? [list('/api/courses')] : []),
    ...(has('courses') && course ? [same(`/api/courses/${course.id}`)] : []),
    ...(has('instructors') ? [list('/api/instructors')] : []),
  ]
}

/** Asks every probe once. @throws ReleaseFailed when one fails */
export async function probe(
  url: string,
  probes: readonly Probe[],
  turn: number,
  times: Times,
): Promise<void> {
  for (const { name, path } of probes) {
    const began = performance.now()
    let { status } = await askAgain(url + path(turn), name)
    if (status === 503) {
      // Refused early, as it may be under load; whoever waits for a moment is served.
      await delay(500)
      status = (await askAgain(url + path(turn), name)).status
    } else {
      times.set(name, [...(times.get(name) ?? []), performance.now() - began])
    }
    if (status >= 500) throw new ReleaseFailed(`${name} answers ${status}.`)
  }
}

/** @throws ReleaseFailed when a probe took much longer than before */
export function compareTimes(now: Times, before: Times): void {
  for (const [name, taken] of now) {
    const [is, was] = [median(taken), median(before.get(name) ?? [])]
    if (is > was * slower.times && is > was + slower.ms) {
      throw new ReleaseFailed(
        `${name} takes ${Math.round(is)} ms, with the release before ${Math.round(was)} ms.`,
      )
    }
  }
}

/** Infinite where nothing was measured: nothing is slower. */
function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
}

/** A connection may meet a worker that leaves; one after another may not. */
async function askAgain(url: string, name: string): Promise<{ status: number }> {
  return await ask(url)
    .catch(() => ask(url))
    .catch((error: unknown) => {
      throw new ReleaseFailed(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    })
}

/** On a connection of its own, as a newcomer. */
export function ask(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, timeout: patienceMs }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer in time')))
    request.on('error', reject)
  })
}
