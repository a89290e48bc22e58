// The load generator's own process: takes one plan after the other, tells what came of each and what it cost itself.
import { type ClosedPlan, type ClosedResult, runClosed } from './closed-load.ts'
import { type OpenPlan, type OpenResult, runOpen } from './open-load.ts'

export type Work = { open: OpenPlan[] } | { closed: ClosedPlan }

/** `busy` is the share of one core that the generator itself used: near 1, it was the bottleneck, not the server. */
export type Done<Result> = { results: Result[]; busy: number }

process.on('message', async (work: Work) => {
  const used = process.cpuUsage()
  const began = performance.now()
  const results: (OpenResult | ClosedResult)[] =
    'open' in work ? await Promise.all(work.open.map(runOpen)) : [await runClosed(work.closed)]
  const { user, system } = process.cpuUsage(used)
  const done: Done<OpenResult | ClosedResult> = {
    results,
    busy: (user + system) / 1000 / (performance.now() - began),
  }
  process.send?.(done)
})
process.on('disconnect', () => process.exit())
