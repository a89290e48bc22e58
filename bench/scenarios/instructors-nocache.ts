import { startBare } from '../children.ts'
import { capture } from '../http/capture.ts'
import type { Installation } from '../installation.ts'
import { type Bench, judged, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { type Seeded, seedInstructors } from '../seed.ts'
import { runPgbench, statementScript } from './pgbench.ts'
import { instructorsRequest } from './requests.ts'
import { countStatements, findStatement } from './statement.ts'
import { describeCosts, versus } from './versus.ts'

const target = 0.85
/** As many connections as a service's pool for point reads has. */
const poolSize = 2
const seeded = new Map<string, Promise<Seeded>>()

/** A million instructors, or fewer when it has to be quick; once for each data folder. */
export async function seedOnce(bench: Bench, into?: Installation): Promise<Seeded> {
  const installation = into ?? (await bench.installation())
  const known = seeded.get(installation.data)
  if (known) return await known
  const count = bench.quick ? 100_000 : 1_000_000
  bench.say(`  filling in ${count.toLocaleString('en')} instructors …`)
  const filling = seedInstructors(installation, count)
  seeded.set(installation.data, filling)
  return await filling
}

/** The hottest read without any cache, against node:http with the same driver, pool and statement. */
export const instructorsNoCache: Scenario = {
  name: 'instructors-nocache',
  about: 'who teaches a random course of many, no cache, against bare node:http and pgbench',
  async run(bench: Bench) {
    const installation = await bench.uncached()
    const data = await seedOnce(bench, installation)
    const example = `/api/courses/${data.courses.from}/instructors`
    await countStatements(installation, example)
    const statement = await findStatement(installation, example)
    const bare = await startBare(bench.root, bench.cleanup, {
      kind: 'query',
      database: installation.database,
      statement,
      connections: poolSize,
    })
    await sameAnswer(installation.url + example, `http://127.0.0.1:${bare.address.port}${example}`)
    const result = await versus(bench, instructorsRequest(data), installation, bare)
    await bare.end()
    const pgbench = await runPgbench({
      database: installation.database,
      script: statementScript(statement, data.courses),
      clients: 16,
      seconds: bench.quick ? 3 : 10,
    })
    const count = data.instructors.toLocaleString('en')
    const figures = [
      judged(
        result.ratio >= target && result.failed === 0,
        `Instructors of a random course (${count}), no cache ÷ bare node:http`,
        `≥ ${target}`,
        `${result.ratio.toFixed(2)} × (${perSecond(result.ours)})`,
        perSecond(result.bare),
      ),
      told('  processor time of the server for one answer', ...describeCosts(result)),
      'tps' in pgbench
        ? told('  the same statement by pgbench, 16 clients', '', `${perSecond(pgbench.tps)}`)
        : skipped('  the same statement by pgbench', pgbench.skipped),
    ]
    const peers = 'tps' in pgbench ? [{ label: 'pgbench, 16 clients', value: pgbench.tps }] : []
    const plots = [
      {
        kind: 'bars' as const,
        title: `Instructors of a random course (of ${count}), no cache, per second`,
        bars: [
          ...result.rounds.flatMap((round, i) => [
            { label: `Colonnade, round ${i + 1}`, value: round.ours.rate, ours: true },
            { label: `bare node:http, round ${i + 1}`, value: round.bare.rate },
          ]),
          ...peers,
        ],
        mark: { label: `target: ${target} × bare`, value: result.bare * target },
      },
    ]
    return { figures, plots, details: { data, statement, poolSize, pgbench, ...result } }
  },
}

/** A ratio means something only between the same answers. */
async function sameAnswer(ours: string, bare: string): Promise<void> {
  const [one, other] = await Promise.all([capture(ours, {}), capture(bare, {})])
  if (one.status !== 200 || !one.body.equals(other.body)) {
    throw new Error(
      `Ours (${one.status}) and the bare server (${other.status}) answer differently.`,
    )
  }
}
