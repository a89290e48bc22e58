import type { Generator } from './children.ts'
import type { Cleanup } from './cleanup.ts'
import type { Installation, StartOptions } from './installation.ts'
import type { Plot } from './plot.ts'

export type Verdict = 'met' | 'missed' | 'skipped' | 'told'

/** One row of the table. */
export type Figure = {
  figure: string
  target: string
  measured: string
  /** What a peer did in the same run. */
  peer: string
  verdict: Verdict
}

export type ScenarioResult = {
  figures: Figure[]
  plots: Plot[]
  /** Everything measured, for the JSON file. */
  details: unknown
}

/** What every scenario is given. */
export type Bench = {
  root: string
  cleanup: Cleanup
  /** Length of the constant-rate runs. */
  seconds: number
  quick: boolean
  /** The installation that the scenarios share, started by the first that needs it, again after it was stopped. */
  installation(): Promise<Installation>
  /** The same, started with `CACHE=off`, on data of its own. */
  uncached(): Promise<Installation>
  /** Ends the shared installations, so that nothing else runs; their data stay. @returns the one with its caches */
  stopInstallation(): Promise<Installation | undefined>
  /** Starts one for a scenario alone, on fresh data if none are given; the scenario stops it. */
  start(options: Partial<StartOptions>): Promise<Installation>
  generator: Generator
  say(line: string): void
}

export type Scenario = {
  name: string
  about: string
  /** Takes minutes: with --quick it runs only when it is named. */
  long?: true
  run(bench: Bench): Promise<ScenarioResult>
}

/** A figure with a target that is met or missed. */
export function judged(
  met: boolean,
  figure: string,
  target: string,
  measured: string,
  peer = '',
): Figure {
  return { figure, target, measured, peer, verdict: met ? 'met' : 'missed' }
}

/** A figure without a target of its own. */
export function told(figure: string, measured: string, peer = ''): Figure {
  return { figure, target: '', measured, peer, verdict: 'told' }
}

export function skipped(figure: string, why: string): Figure {
  return { figure, target: '', measured: `skipped: ${why}`, peer: '', verdict: 'skipped' }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = 0, high = low] = sorted.slice(sorted.length % 2 ? middle : middle - 1, middle + 1)
  return (low + high) / 2
}

/** Microseconds as milliseconds, as many digits as mean something. */
export function ms(microseconds: number): string {
  const value = microseconds / 1000
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`
}

export const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en')}/s`
