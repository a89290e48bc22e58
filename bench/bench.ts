import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Generator } from './children.ts'
import { Cleanup } from './cleanup.ts'
import { makeDataFolder, startInstallation } from './installation.ts'
import { describeMachine, figuresOf, type Report, table, writeReport } from './report.ts'
import type { Bench, Scenario } from './scenario.ts'
import { instructorsCached } from './scenarios/instructors-cached.ts'
import { instructorsNoCache } from './scenarios/instructors-nocache.ts'
import { learn } from './scenarios/learn.ts'
import { lesson } from './scenarios/lesson.ts'
import { lighthouseScores } from './scenarios/lighthouse.ts'
import { load } from './scenarios/load.ts'
import { memory } from './scenarios/memory.ts'
import { microCache } from './scenarios/micro-cache.ts'
import { oneCpu } from './scenarios/one-cpu.ts'
import { overload } from './scenarios/overload.ts'
import { pageCached } from './scenarios/page-cached.ts'
import { pageUncached } from './scenarios/page-uncached.ts'
import { pageWeight } from './scenarios/page-weight.ts'
import { postDurable } from './scenarios/post-durable.ts'
import { rate1000 } from './scenarios/rate.ts'
import { redis } from './scenarios/redis.ts'
import { replicas } from './scenarios/replicas.ts'
import { serverSideRendering } from './scenarios/ssr.ts'
import { start } from './scenarios/start.ts'
import { tenMillion } from './scenarios/ten-million.ts'
import { threeHosts } from './scenarios/three-hosts.ts'
import { threeHostsWays } from './scenarios/three-hosts-ways.ts'
import { workers } from './scenarios/workers.ts'
import { SharedInstallations } from './shared-installations.ts'

/**
 * In the order they run: memory comes after what fills it and before writes without an end; what needs an installation
 * of its own comes last, when the shared ones are stopped.
 */
const scenarios: readonly Scenario[] = [
  pageCached,
  instructorsCached,
  rate1000,
  memory,
  pageWeight,
  lighthouseScores,
  serverSideRendering,
  postDurable,
  lesson,
  learn,
  load,
  instructorsNoCache,
  pageUncached,
  threeHosts,
  start,
  workers,
  threeHostsWays,
  replicas,
  microCache,
  oneCpu,
  overload,
  redis,
  tenMillion,
]

const usage = `npm run bench [-- [names…] [--seconds N] [--quick]]

  names      only these: ${scenarios.map(({ name }) => name).join(', ')}
  --seconds  length of the constant-rate runs; 30
  --profile  write the server's CPU profile beside the results, for Chromium's DevTools; it costs some speed
  --quick    shorter runs on fewer data, to see that everything works: its figures say little
`

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { seconds: given, ...flags } = values
  const seconds = Number(given ?? (flags.quick ? 5 : 30))
  const unknown = positionals.filter(
    (name) => !scenarios.some((scenario) => scenario.name === name),
  )
  if (unknown.length > 0 || !(seconds >= 1)) {
    throw new Error(
      `${unknown.length > 0 ? `There is no ${unknown.join(', ')}.` : 'At least one second.'}\n\n${usage}`,
    )
  }
  const chosen = scenarios.filter(({ name, long }) =>
    positionals.length === 0 ? !(flags.quick && long) : positionals.includes(name),
  )
  return { chosen, seconds, ...flags }
}

/** Runs the chosen scenarios on an installation of their own, and tells and writes down what they measured. */
export async function main(root: string, args: string[]): Promise<void> {
  const { chosen, seconds, quick, profile, help } = readArguments(args)
  const say = (line: string) => console.log(line)
  if (help) {
    say(usage)
    return
  }
  const report: Report = { machine: describeMachine(root, args), scenarios: [] }
  if (report.machine.loadBefore > 0.5) {
    say(
      `This machine is busy (load ${report.machine.loadBefore}): figures will be worse than they could be.`,
    )
  }
  const cleanup = new Cleanup()
  cleanup.onSignals()
  try {
    const bench = prepare(root, cleanup, profile, { seconds, quick, say })
    for (const scenario of chosen) {
      const { name, about } = scenario
      say(`${name}: ${about}`)
      try {
        report.scenarios.push({ name, about, result: await scenario.run(bench) })
      } catch (error) {
        // One that fails leaves the others their say; the table and the exit code tell.
        console.error(error)
        process.exitCode = 1
        const message = error instanceof Error ? error.message : String(error)
        report.scenarios.push({ name, about, error: message.split('\n')[0] ?? '' })
      }
    }
  } finally {
    await cleanup.run()
  }
  const folder = writeReport(root, report)
  say(
    `\n${table(figuresOf(report))}\n\nWritten to ${folder}: latest.json, latest.md, latest.html and the plots.`,
  )
}

function prepare(
  root: string,
  cleanup: Cleanup,
  profile: boolean,
  options: Pick<Bench, 'seconds' | 'quick' | 'say'>,
): Bench {
  const recording = ['--cpu-prof', `--cpu-prof-dir=${join(root, 'bench/results')}`]
  const shared = new SharedInstallations({
    root,
    cleanup,
    nodeArguments: profile ? recording : [],
  })
  return {
    ...options,
    root,
    cleanup,
    generator: new Generator(root, cleanup),
    installation: () => shared.get('on'),
    uncached: () => shared.get('off'),
    stopInstallation: () => shared.stop(),
    start: async (given) =>
      await startInstallation({ root, cleanup, data: makeDataFolder(cleanup), ...given }),
  }
}
