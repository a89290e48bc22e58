import type { State } from './progress.ts'

const width = 24
const count = (value: number) => Math.round(value).toLocaleString('en')

/** A bar, the rate of the rows sent and the time left, for a seed begun at `started`; times in milliseconds. */
export function barOf(started: number): (state: State, now: number) => string {
  let sent = { rows: 0, at: started }
  let begin: { share: number; at: number } | undefined
  return ({ share, rows, doing }, now) => {
    // What an earlier run did is there within a second, and no pace of this one.
    if (rows > 0 || now - started > 1000) begin ??= { share, at: now }
    // The rate is of the time in which rows were sent.
    if (rows > sent.rows) sent = { rows, at: now }
    const rate = (sent.rows * 1000) / Math.max(1, sent.at - started)
    const pace = begin ? (share - begin.share) / Math.max(1, now - begin.at) : 0
    const left = pace > 0 ? `${timeOf((1 - share) / pace / 1000)} left` : 'time left unknown yet'
    const full = Math.round(share * width)
    const bar = '█'.repeat(full) + '░'.repeat(width - full)
    const percent = String(Math.floor(share * 100)).padStart(3)
    return `${bar} ${percent} %  ${count(rows)} rows, ${count(rate)}/s, ${left} (${doing})`
  }
}

function timeOf(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 90 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
