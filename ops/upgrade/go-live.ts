import { setTimeout as delay } from 'node:timers/promises'
import { inWords } from '../mendable.ts'
import { say } from '../terminal.ts'
import { type Layout, point } from './layout.ts'
import { compareTimes, type Probe, probe, type Times } from './probe.ts'
import type { Reload } from './reload.ts'

const turnsBefore = 3
const turns = 15
const pauseMs = 200

/** What is needed to change over, and to see whether it went well. */
export type Change = {
  layout: Layout
  reload: Reload
  /** Where people reach it. */
  url: string
  probes: readonly Probe[]
  watchSeconds: number
}

/**
 * Asks a candidate and the running release the same, turn by turn, so that both are measured under the same load.
 * @returns how long the running one took @throws ReleaseFailed when the candidate fails or is much slower
 */
export async function tryOut(candidate: string, { url, probes }: Change): Promise<Times> {
  for (let turn = 0; turn < turnsBefore; turn++) await probe(candidate, probes, turn, new Map())
  const fresh: Times = new Map()
  const before: Times = new Map()
  for (let turn = turnsBefore; turn < turnsBefore + turns; turn++) {
    // What runs may be what is wrong; then nothing is compared.
    await probe(url, probes, turn, before).catch(() => {})
    await probe(candidate, probes, turn, fresh)
  }
  compareTimes(fresh, before)
  return before
}

/**
 * Points `current` to a release, lets it be taken up, and watches it. When that fails, all is as before.
 * @param before how long probes took with the release before @throws ReleaseFailed saying why, and what runs now
 */
export async function goLive(
  change: Change,
  from: string,
  to: string,
  before: Times,
): Promise<void> {
  const { layout, reload } = change
  point(layout, to)
  try {
    await reload(to)
    await watch(change, before)
  } catch (error) {
    say(`${inWords(error).message}\nGoing back to ${from} …`)
    point(layout, from)
    await reload(from)
    throw error
  }
}

/** @throws ReleaseFailed as soon as a probe fails, or at the end when they took much longer than before */
async function watch({ url, probes, watchSeconds }: Change, before: Times): Promise<void> {
  let times: Times = new Map()
  const until = Date.now() + watchSeconds * 1000
  // What has just begun is slow for a moment.
  const warmAt = Date.now() + watchSeconds * 500
  let warm = false
  for (let turn = turnsBefore + turns; Date.now() < until || times.size === 0; turn++) {
    if (!warm && Date.now() >= warmAt) {
      warm = true
      times = new Map()
    }
    await probe(url, probes, turn, times)
    await delay(pauseMs)
  }
  compareTimes(times, before)
}
