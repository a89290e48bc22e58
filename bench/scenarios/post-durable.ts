import { setTimeout as delay } from 'node:timers/promises'
import type { Installation } from '../installation.ts'
import { type Bench, judged, median, perSecond, type Scenario, skipped, told } from '../scenario.ts'
import { runPgbench } from './pgbench.ts'
import { newInstructor } from './requests.ts'
import { measureSide } from './versus.ts'

const target = 0.4
const clients = 32

const kinds = [
  { name: 'who teaches nothing yet: idempotency row', teaches: false },
  { name: 'of a course: idempotency and outbox row', teaches: true },
]

/** Durable writes under a key against pgbench with a transaction that stores the same rows, in turns. */
export const postDurable: Scenario = {
  name: 'post-durable',
  about: `POST /api/instructors with Idempotency-Key, ${clients} at once, against pgbench`,
  async run(bench: Bench) {
    const installation = await bench.installation()
    const seconds = bench.quick ? 2 : 8
    const results = []
    for (const { name, teaches } of kinds) {
      const rounds = []
      for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
        const ours = await measureSide(bench, installation, {
          request: keyedPost(`${Date.now()}`, teaches),
          expect: 201,
          connections: clients,
          warmUp: 1,
          seconds,
        })
        const { database } = installation
        const pgbench = await runPgbench({ database, script: script(teaches), clients, seconds })
        const peer = 'tps' in pgbench ? perSecond(pgbench.tps) : pgbench.skipped
        bench.say(`  ${name}, round ${round}: ours ${perSecond(ours.rate)}, pgbench ${peer}`)
        rounds.push({ ours, pgbench })
      }
      results.push({ name, teaches, rounds })
    }
    bench.say(`  all events delivered ${await untilDelivered(installation)} s later`)
    return {
      figures: results.flatMap(({ name, rounds }) => {
        const ours = median(rounds.map((round) => round.ours.rate))
        const failed = rounds.reduce((sum, round) => sum + round.ours.failed, 0)
        const tps = rounds.flatMap(({ pgbench }) => ('tps' in pgbench ? [pgbench.tps] : []))
        const figure = `POST instructor ${name}; ÷ pgbench, ${clients} clients`
        const ratio = ours / median(tps)
        const cost = median(rounds.map((round) => round.ours.cost ?? 0))
        return [
          tps.length > 0
            ? judged(
                ratio >= target && failed === 0,
                figure,
                `≥ ${target}`,
                `${ratio.toFixed(2)} × (${perSecond(ours)})`,
                perSecond(median(tps)),
              )
            : skipped(figure, `pgbench is not on this machine; ours ${perSecond(ours)}`),
          told('  processor time of the server for one write', `${cost.toFixed(1)} µs`),
        ]
      }),
      plots: [],
      details: { clients, scripts: kinds.map(({ teaches }) => script(teaches)), results },
    }
  },
}

/** Waits until all events have reached everyone: else that takes the time of what is measured next. @returns seconds */
async function untilDelivered({ url, token }: Installation): Promise<string> {
  const began = performance.now()
  const headers = { Authorization: `Bearer ${token}` }
  for (;;) {
    const text = await (await fetch(`${url}/metrics`, { headers })).text()
    const waiting = [...text.matchAll(/^colonnade_outbox_waiting\S* (\d+)/gm)]
    if (waiting.length === 0) throw new Error('The metrics tell no events that wait.')
    const seconds = (performance.now() - began) / 1000
    if (waiting.every(([, count]) => count === '0')) return seconds.toFixed(1)
    if (seconds > 300) throw new Error('Events are still not delivered after five minutes.')
    await delay(500)
  }
}

function keyedPost(mark: string, teaches: boolean) {
  const plan = newInstructor(`Durable ${mark}`, {
    headers: { 'Idempotency-Key': `durable-${mark}-{count}` },
  })
  if (!teaches) return plan
  // Every one teaches another course, or writers would wait for each other's lock: digits counted up behind a number.
  const course = `4${mark.slice(-7)}{count}`
  const body = plan.body?.replace(/}$/, `,"teaches":[{"courseId":${course},"role":"assistant"}]}`)
  return { ...plan, body }
}

/**
 * What one such POST stores, written by hand: begin, take the key's lock, look whether it was used, add the instructor
 * (and, where they teach, the course's lock, their part and the event), keep the answer under the key, commit. The
 * product joins several requests in one such transaction when they come together; pgbench, as most programs, does not.
 */
function script(teaches: boolean): string {
  const scope = 'operator POST /api/instructors'
  const parts = teaches
    ? `, part as materialized (
      select :course::bigint as course_id,
        pg_advisory_xact_lock(hashtextextended('instructors teachers-of ' || :course::text, 0)) as locked
    ), taught as (
      insert into instructors.teaching (course_id, instructor_id, role)
      select part.course_id, made.id, 'assistant' from part, made returning course_id
    ), told as (
      insert into instructors.outbox (type, subject)
      select 'teaching.changed', 'teachers-of:' || course_id from taught
    )`
    : ''
  return [
    '\\set number random(1, 9000000000000000)',
    '\\set course random(3000000000000, 3999999999999)',
    'begin;',
    `select pg_try_advisory_xact_lock(hashtextextended('instructors ${scope} pgbench-' || :number::text, 0));`,
    `select status, body from instructors.idempotency where scope = '${scope}' and key = 'pgbench-' || :number::text;`,
    `with made as (
      insert into instructors.instructor (first_name, last_name, academic_title, title, organisation, biography)
      values ('Ada', 'Pgbench ' || :number::text, 'Dr.', 'Lecturer', 'Example University',
        'Made by the bench, to see that what is acknowledged is stored.')
      returning *
    )${parts}
    select id, json_build_object('id', id, 'firstName', first_name, 'middleName', middle_name, 'lastName', last_name,
      'academicTitle', academic_title, 'title', title, 'organisation', organisation, 'biography', biography,
      'learners', learners, 'averageRating', average_rating, 'ratings', ratings, 'example', example)::text as document
    from made;`.replace(/\s+/g, ' '),
    `insert into instructors.idempotency (scope, key, request, status, body)
    values ('${scope}', 'pgbench-' || :number::text, decode(md5(:number::text) || md5(:number::text), 'hex'), 201,
      '{"id": 1234567,"firstName": "Ada","middleName": null,"lastName": "Pgbench","academicTitle": "Dr.","title": "Lecturer","organisation": "Example University","biography": "Made by the bench, to see that what is acknowledged is stored.","learners": 0,"averageRating": null,"ratings": 0,"example": false,"teaches": []}');`.replace(
      /\s+/g,
      ' ',
    ),
    'commit;',
    '',
  ].join('\n')
}
