import { connectTo } from '@colonnade/db'
import { z } from 'zod'
import { Histogram } from '../histogram.ts'
import { type Installation, token } from '../installation.ts'
import { type BenchLearner, regradeCourse, seedGradebook, seedLearners } from '../learners/seed.ts'
import type { OpenPlan, OpenResult } from '../open-load.ts'
import { type Bench, judged, ms, type Scenario, told } from '../scenario.ts'
import { describe } from './requests.ts'

const questions = 20
/** Seconds within which everyone starts, and between two answers of one learner. */
const startSeconds = 10
const everySeconds = 5

const everything = 'all answers corrected'

const regraded = z.object({ learners: z.number(), marks: z.number(), changed: z.number() })

/** A whole cohort takes a quiz at the same time, and a large course is graded anew. */
export const learn: Scenario = {
  name: 'learn',
  about: 'a cohort answers a quiz of 20 questions at the same time; a course is graded anew',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const cohort = bench.quick ? 500 : 10_000
    const size = bench.quick ? { learners: 500, items: 100 } : { learners: 10_000, items: 100 }
    // Before the other: a million marks written would leave the database much to tidy up beside it.
    const answering = await answer(bench, installation, cohort)
    await seedGradebook(installation, size)
    const regrading = []
    for (const step of [
      { what: 'from nothing', revision: 1, preview: 'no' },
      { what: 'one answer corrected, preview', revision: 2, preview: 'yes' },
      { what: 'one answer corrected', revision: 2, preview: 'no' },
      { what: everything, revision: 3, preview: 'no' },
    ]) {
      const began = performance.now()
      const path = `/api/courses/${regradeCourse}/regrade?preview=${step.preview}`
      const response = await fetch(installation.url + path, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ revision: step.revision }),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      const result = regraded.parse(await response.json())
      const seconds = (performance.now() - began) / 1000
      bench.say(`  graded anew, ${step.what}: ${seconds.toFixed(2)} s, ${result.changed} changed`)
      regrading.push({ ...step, ...result, seconds })
    }
    const { start, answers, submit, stored, busy } = answering
    const p99 = Histogram.from(answers.latency).percentile(99)
    const rate = Math.round(cohort / everySeconds)
    return {
      figures: [
        judged(
          answers.answered === answers.planned && p99 < 500_000,
          `${cohort} learners, ${questions} questions, ${rate} answers/s`,
          '0 failed, p99 < 500 ms',
          `${answers.planned - answers.answered} failed; ${spread(answers)}`,
        ),
        judged(
          stored.answers === answers.answered && stored.durable,
          '  acknowledged answers that are stored, with fsync on',
          'all',
          `${answers.answered} acknowledged, ${stored.answers} stored`,
        ),
        judged(
          start.answered === start.planned,
          `  starting within ${startSeconds} s`,
          '0 failed',
          `${start.planned - start.answered} failed; ${spread(start)}`,
        ),
        judged(
          submit.answered === submit.planned && stored.graded === cohort,
          `  handing in within ${startSeconds} s, marked and graded`,
          'all',
          `${stored.graded} graded; ${spread(submit)}`,
        ),
        told('  processor time of the generator', `${(busy * 100).toFixed(0)} % of a core`),
        ...regrading.map(({ what, seconds, learners, marks, changed }) => {
          const figure = `grading ${learners} learners × ${size.items} items anew: ${what}`
          const measured = `${seconds.toFixed(2)} s, ${marks} marks, ${changed} grades changed`
          // No author gets every answer of a course wrong: that is told, for what a million marks take to write.
          return what === everything
            ? told(figure, measured)
            : judged(seconds < 5, figure, '< 5 s', measured)
        }),
      ],
      plots: [],
      details: { cohort, answering, regrading },
    }
  },
}

const spread = (result: OpenResult) => {
  const latency = Histogram.from(result.latency)
  return `p50 ${ms(latency.percentile(50))}, p99 ${ms(latency.percentile(99))}, max ${ms(latency.max)}`
}

async function answer(bench: Bench, installation: Installation, cohort: number) {
  const { address, database } = installation
  const learners = await seedLearners(installation, { learners: cohort, questions })
  const plan = (path: string, body: unknown): Pick<OpenPlan, 'address' | 'expect' | 'request'> => ({
    address,
    expect: 'success',
    request: {
      method: 'POST',
      path,
      headers: {
        Cookie: '{1}',
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(body),
      rows: learners.map(rowOf),
    },
  })
  const log = (entry: object) =>
    plan('/api/enrolments/{0}/log', {
      now: '{now}',
      entries: [{ id: '{uuid}', attempt: '{2}', at: '{now}', after: null, ...entry }],
    })
  const rate = cohort / everySeconds
  const startRate = cohort / startSeconds
  const { results, busy } = await bench.generator.open([
    {
      ...plan('/api/enrolments/{0}/attempts', { id: '{2}', item: 'quiz' }),
      ...{ rate: startRate, seconds: startSeconds },
    },
    {
      ...numbers(log({ type: 'answer', question: 'q{turn}', data: { answer: 'a' } })),
      ...{ rate, seconds: questions * everySeconds, after: startSeconds },
    },
    {
      ...numbers(log({ type: 'submit', data: {} })),
      ...{ rate: startRate, seconds: startSeconds },
      after: startSeconds + (questions + 1) * everySeconds,
    },
  ])
  const [start, answers, submit] = results
  if (!start || !answers || !submit) throw new Error('The generator gave too few results.')
  for (const [name, result] of Object.entries({ start, answers, submit }))
    bench.say(`  ${name}: ${describe(result)}`)
  return { start, answers, submit, busy, stored: await count(database, learners) }
}

const rowOf = ({ enrolment, cookie, attempt }: BenchLearner) => [enrolment, cookie, attempt]

/** Times are numbers, which a template of JSON cannot say. */
function numbers<Plan extends Pick<OpenPlan, 'request'>>(plan: Plan): Plan {
  const { request } = plan
  if (Array.isArray(request) || !('body' in request)) return plan
  return { ...plan, request: { ...request, body: request.body?.replaceAll('"{now}"', '{now}') } }
}

async function count(database: string, learners: readonly BenchLearner[]) {
  const sql = connectTo(database)
  try {
    const ids = learners.map(({ enrolment }) => enrolment)
    const [row] = await sql<{ answers: string; graded: string; durable: boolean }[]>`
      select (select count(*) from learning.log where enrolment_id = any(${ids}::uuid[]) and type = 'answer'
          and state = 'kept') as answers,
        (select count(*) from learning.grade where enrolment_id = any(${ids}::uuid[])
          and share = 1) as graded,
        current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on' as durable`
    return {
      answers: Number(row?.answers),
      graded: Number(row?.graded),
      durable: row?.durable ?? false,
    }
  } finally {
    await sql.end()
  }
}
