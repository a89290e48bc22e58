import type { Trial } from '../../ops/testing/trial.ts'
import type { Cleanup } from '../cleanup.ts'

export type Verdict = 'passed' | 'failed' | 'skipped'

/** What a row needs to run: folders and processes of its own, and how long it may take. */
export type Stage = {
  trial: Trial
  /** What the row made beyond the trial's folders and processes, undone after it. */
  cleanup: Cleanup
  /** Shorter loads, to see that everything works. */
  quick: boolean
  /** Seconds of load under a fault; a third of it with `quick`. */
  seconds(full: number): number
  say(line: string): void
}

/** One thing that must hold, in the words of the table, with the figure seen; `timed` depends on how fast this machine is. */
export type Check = { holds: boolean; seen: string; timed?: true }

/** One line of the table of faults. */
export type Row = {
  number: number
  fault: string
  /** How the fault is made. */
  made: string
  /** When the row passes. */
  passes: string
  /** Its bounds are of time, of which a short load tells too little: `--quick` leaves it whole. */
  whole?: true
  run(stage: Stage): Promise<Check[]>
}

/** Thrown where this machine, or this build, does not let a row run; the message says why. */
export class Skipped extends Error {}

export const check = (holds: boolean, seen: string): Check => ({ holds, seen })

export const timely = (holds: boolean, seen: string): Check => ({ holds, seen, timed: true })
