/** What happened, as the log keeps it. Ids are UUIDv7, so that their order is the order of events. */
export type LogEntry = { id: string; item: string } & (
  | { type: 'submitted'; at: number; points: number; of: number }
  /**
   * By a teacher; the latest holds. Without `question` it is what the whole submission is worth; with it, what that
   * question is, for which the submission had no points because it waited for a teacher.
   */
  | { type: 'marked'; submission: string; question?: string; points: number }
  /** A later deadline for this learner, in milliseconds since 1970. */
  | { type: 'extended'; due: number }
)

/** What a revision has to say about grades. `due` is in milliseconds since 1970. */
export type GradedItem = { key: string; group: string; due: number | null }

export type Policy = {
  attempt: 'best' | 'last' | 'average'
  /** Weights need not add up to anything; `drop` so many of a group's lowest results do not count. */
  groups: { key: string; weight: number; drop: number }[]
  /** Each day begun after the deadline and the grace takes `perDay` (0 to 1) of the points; after `days` all. */
  late: { graceMs: number; perDay: number; days: number } | null
  /** Names for shares from 0 to 1, as in `{ name: 'pass', from: 0.6 }`. */
  thresholds: { name: string; from: number }[]
}

/** A grade told line by line, each with the share (0 to 1) it comes to. */
export type TraceLine =
  | {
      kind: 'attempt'
      item: string
      id: string
      points: number
      of: number
      daysLate: number
      share: number
    }
  | {
      kind: 'item'
      item: string
      attempts: number
      rule: Policy['attempt']
      share: number
      dropped: boolean
    }
  | { kind: 'group'; group: string; weight: number; counted: number; share: number }
  | { kind: 'total'; threshold: string | null; share: number }

export type Grade = { share: number; threshold: string | null; trace: TraceLine[] }

const dayMs = 86_400_000

/** The grade that a log comes to. It depends on what the log holds, not on the order or number of arrivals. */
export function grade(
  log: readonly LogEntry[],
  items: readonly GradedItem[],
  policy: Policy,
): Grade {
  const entries = [...new Map(log.map((entry) => [entry.id, entry])).values()].sort((a, b) =>
    a.id < b.id ? -1 : 1,
  )
  const byItem = new Map<string, LogEntry[]>()
  for (const entry of entries) {
    const own = byItem.get(entry.item)
    if (own) own.push(entry)
    else byItem.set(entry.item, [entry])
  }
  const trace: TraceLine[] = []
  const groups = policy.groups.flatMap((group) => {
    const results = items
      .filter((item) => item.group === group.key)
      .map((item) => {
        const attempts = attemptsAt(item, byItem.get(item.key) ?? [], policy)
        return {
          item,
          attempts,
          share: shareOf(
            attempts.map((one) => one.share),
            policy.attempt,
          ),
        }
      })
    if (results.length === 0) return []
    // The last result always counts: a group with everything dropped would say nothing.
    const dropped = new Set(
      results
        .toSorted((a, b) => a.share - b.share)
        .slice(0, Math.min(group.drop, results.length - 1)),
    )
    for (const result of results) {
      trace.push(...result.attempts, {
        kind: 'item',
        item: result.item.key,
        attempts: result.attempts.length,
        rule: policy.attempt,
        share: result.share,
        dropped: dropped.has(result),
      })
    }
    const counted = results.filter((result) => !dropped.has(result))
    const share = mean(counted.map((result) => result.share))
    trace.push({
      kind: 'group',
      group: group.key,
      weight: group.weight,
      counted: counted.length,
      share,
    })
    return [{ weight: group.weight, share }]
  })
  const weight = groups.reduce((sum, group) => sum + group.weight, 0)
  const share =
    weight > 0 ? groups.reduce((sum, group) => sum + group.share * group.weight, 0) / weight : 0
  const threshold = policy.thresholds
    // A sum of weights may miss a threshold by its last binary digit.
    .filter(({ from }) => share >= from - 1e-9)
    .reduce<Policy['thresholds'][number] | null>(
      (best, one) => (best === null || one.from >= best.from ? one : best),
      null,
    )
  const name = threshold?.name ?? null
  trace.push({ kind: 'total', threshold: name, share })
  return { share, threshold: name, trace }
}

type AttemptLine = Extract<TraceLine, { kind: 'attempt' }>

function attemptsAt(item: GradedItem, own: readonly LogEntry[], policy: Policy): AttemptLine[] {
  // An extension gives time and never takes it.
  const due = own.reduce(
    (latest, entry) =>
      entry.type === 'extended' && latest !== null ? Math.max(latest, entry.due) : latest,
    item.due,
  )
  return own.flatMap((entry): AttemptLine[] => {
    if (entry.type !== 'submitted') return []
    const { id, of } = entry
    const points = pointsOf(entry, own)
    const earned = of > 0 ? Math.min(1, Math.max(0, points / of)) : 0
    const daysLate = due === null || !policy.late ? 0 : lateBy(entry.at - due, policy.late.graceMs)
    const share = earned * kept(daysLate, policy.late)
    return [{ kind: 'attempt', item: item.key, id, points, of, daysLate, share }]
  })
}

/** What a submission is worth once its marks are in, which come in order. */
function pointsOf(submitted: { id: string; points: number }, entries: readonly LogEntry[]): number {
  let whole = submitted.points
  let questions = new Map<string, number>()
  for (const entry of entries) {
    if (entry.type !== 'marked' || entry.submission !== submitted.id) continue
    if (entry.question !== undefined) questions.set(entry.question, entry.points)
    else {
      whole = entry.points
      questions = new Map()
    }
  }
  return [...questions.values()].reduce((sum, points) => sum + points, whole)
}

const lateBy = (ms: number, graceMs: number) => (ms <= graceMs ? 0 : Math.ceil(ms / dayMs))

const kept = (daysLate: number, late: Policy['late']) =>
  !late || daysLate === 0 ? 1 : daysLate > late.days ? 0 : Math.max(0, 1 - daysLate * late.perDay)

const mean = (shares: readonly number[]) =>
  shares.length === 0 ? 0 : shares.reduce((sum, one) => sum + one, 0) / shares.length

function shareOf(shares: readonly number[], rule: Policy['attempt']): number {
  if (rule === 'average') return mean(shares)
  return rule === 'last' ? (shares.at(-1) ?? 0) : Math.max(0, ...shares)
}
