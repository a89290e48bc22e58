import type { Load, Sample } from './load.ts'
import { type Check, check } from './row.ts'

/** The time that so many percent of the samples took at most; 0 without any. */
export function percentile(samples: readonly Sample[], percent: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0
}

export const ms = (value: number): string =>
  value >= 1000 ? `${(value / 1000).toFixed(1)} s` : `${Math.round(value)} ms`

/** Those meant to start within a time. */
export const within = <S extends Sample>(samples: readonly S[], from: number, to: number): S[] =>
  samples.filter(({ at }) => at >= from && at < to)

/** How many of which status, such as `201: 40, 503: 3`. */
export function statuses(samples: readonly Sample[]): string {
  const counts = new Map<string, number>()
  for (const { status, why } of samples) {
    const name = status === 0 ? (why ?? 'half a page') : String(status)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name}: ${count}`).join(', ')
}

/** Whether at least such a share of the pages came, whole. */
export function pagesCame({ pages }: Pick<Load, 'pages'>, share = 100): Check {
  const good = pages.filter(({ status }) => status === 200).length
  const percent = (100 * good) / pages.length
  const failed = pages.filter(({ status }) => status !== 200)
  return check(
    percent >= share,
    `${good} of ${pages.length} pages came whole${failed.length > 0 ? ` (${statuses(failed)})` : ''}`,
  )
}

/** When the first write begun after a moment was acknowledged, from that moment; undefined: never. */
export function writesBack({ writes }: Load, from: number): number | undefined {
  const done = writes
    .filter(({ at, status }) => at >= from && status === 201)
    .map((write) => write.at + write.ms - from)
  return done.length === 0 ? undefined : Math.min(...done)
}

/** The longest time between two acknowledgements, from a moment on. */
export function longestGap({ writes }: Load, from: number, to: number): number {
  const times = writes
    .filter(({ status }) => status === 201)
    .map((write) => write.at + write.ms)
    .filter((time) => time >= from && time <= to)
    .sort((a, b) => a - b)
  let last = from
  let longest = 0
  for (const time of [...times, to]) {
    longest = Math.max(longest, time - last)
    last = time
  }
  return longest
}
