import { seedCourses } from '../courses.ts'
import { browserHeaders } from '../http/capture.ts'
import { postgresTime } from '../processes.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { countStatements } from './statement.ts'
import { measureSide, type Run } from './versus.ts'

const target = 600

/** The page of a random course with every cache off: six fragments rendered from Postgres each time. */
export const pageUncached: Scenario = {
  name: 'page-uncached',
  about: 'course page of a random course, every cache off, by what it costs the server’s process',
  async run(bench: Bench) {
    const installation = await bench.uncached()
    const choices = await seedCourses(bench.root, installation, bench.quick ? 50 : 500)
    const statements = await countStatements(installation, `/learn/${choices[0]}`)
    const request = {
      method: 'GET' as const,
      path: '/learn/{random}',
      headers: browserHeaders,
      choices,
    }
    const runs: (Run & { postgres: number })[] = []
    const plan = { request, connections: 32, seconds: bench.quick ? 3 : 8 }
    for (let round = 1; round <= (bench.quick ? 1 : 5); round++) {
      const before = postgresTime(installation.pid)
      const warmUp = round === 1 ? 3 : 1
      const run = await measureSide(bench, installation, { ...plan, warmUp })
      const requests = run.answered * (1 + warmUp / plan.seconds)
      runs.push({ ...run, postgres: (postgresTime(installation.pid) - before) / requests })
      bench.say(
        `  round ${round}: ${perSecond(run.rate)}, ${run.cost?.toFixed(0)} µs of the server for a page`,
      )
    }
    const rate = median(runs.map((run) => run.rate))
    const costs = runs.flatMap(({ cost }) => (cost ? [cost] : []))
    const each = 1_000_000 / median(costs)
    const failed = runs.reduce((sum, run) => sum + run.failed, 0)
    const figure = `Course page, all caches off (${choices.length} courses), a core of the process`
    return {
      figures: [
        costs.length > 0
          ? judged(each >= target && failed === 0, figure, `≥ ${target}/s`, perSecond(each))
          : skipped(figure, 'the system does not tell processor time'),
        told(
          '  pages a second, as they came; statements for one page',
          `${perSecond(rate)}; ${statements}`,
        ),
        told(
          '  processor time for one page: the server, and Postgres beside it',
          `${median(costs).toFixed(0)} µs`,
          `${median(runs.map((run) => run.postgres)).toFixed(0)} µs`,
        ),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: 'Course page with every cache off, pages for a second of processor time',
          bars: runs.map(({ cost }, i) => ({
            label: `Colonnade, round ${i + 1}`,
            value: cost ? 1_000_000 / cost : 0,
            ours: true,
          })),
          mark: { label: `target: ${target}`, value: target },
        },
      ],
      details: { courses: choices.length, statements, runs },
    }
  },
}
