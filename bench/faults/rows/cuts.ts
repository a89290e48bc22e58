import { setTimeout as delay } from 'node:timers/promises'
import { faultProxy } from '@colonnade/testing/fault-proxy'
import { ms, pagesCame, percentile, statuses, within, writesBack } from '../figures.ts'
import { audit, auditChecks } from '../ledger.ts'
import { Load } from '../load.ts'
import { type Check, check, type Row, type Stage, timely } from '../row.ts'
import { openBox, openParts, type Place, page, underLoad } from '../stage.ts'

const hole = { up: { blackHole: true }, down: { blackHole: true } }

/** On one box, where hosts of their own are not allowed. */
export const databaseCut: Row = {
  number: 10,
  fault: 'service cut from its database',
  made: 'the fault proxy between `instructors` and Postgres lets nothing pass; then new connections pass, and the old ones stay silent for ever',
  passes: '503 with Retry-After < 1 s; no hang',
  async run(stage) {
    const parts = await openParts(stage)
    return await databaseCutFor(parts, stage, {
      cut: () => parts.wire.set(hole),
      async strand() {
        parts.wire.strand()
        await parts.wire.set({})
      },
    })
  },
}

/** How the way to the database is broken, and then mended for new connections alone. */
type Cut = { cut(): Promise<void>; strand(): Promise<void> }

export async function databaseCutFor(
  place: Place,
  stage: Stage,
  { cut, strand }: Cut,
): Promise<Check[]> {
  const reads: { status: number; ms: number; retryAfter: string | null }[] = []
  const { load, checks, faultAt, mendedAt } = await underLoad(
    place,
    async () => {
      await cut()
      for (const until = Date.now() + stage.seconds(9) * 1000; Date.now() < until; ) {
        reads.push(await readTeachers(place))
        await delay(200)
      }
      await strand()
    },
    { after: 16_000 },
  )
  const writes = within(load.writes, faultAt, mendedAt - 1000)
  const back = writesBack(load, mendedAt)
  return [
    pagesCame(load),
    check(true, `page p99 ${ms(percentile(within(load.pages, faultAt, mendedAt), 99))}`),
    refused('writes', writes),
    refused('reads', reads),
    timely(
      back !== undefined && back < 15_000,
      back === undefined ? 'writes did not come back' : `writes were back ${ms(back)} after it`,
    ),
    ...checks,
  ]
}

async function readTeachers({ url, courseId }: Place) {
  const began = performance.now()
  const signal = AbortSignal.timeout(15_000)
  const path = `${url}/api/courses/${courseId}/instructors`
  const answer = await fetch(path, { signal }).catch(() => undefined)
  await answer?.arrayBuffer()
  return {
    status: answer?.status ?? 0,
    ms: performance.now() - began,
    retryAfter: answer?.headers.get('retry-after') ?? null,
  }
}

/** All were refused with 503 and Retry-After within a second; an answer from a cache is as good. */
function refused(
  what: string,
  samples: readonly { status: number; ms: number; retryAfter?: string | null }[],
): Check {
  const slowest = Math.max(0, ...samples.map((one) => one.ms))
  const wrong = samples.filter(
    ({ status, retryAfter }) => status !== 200 && !(status === 503 && retryAfter),
  )
  return timely(
    wrong.length === 0 && slowest < 1000,
    `${what} meanwhile: ${statuses(samples.map((one) => ({ at: 0, ms: one.ms, status: one.status })))}; slowest ${ms(slowest)}`,
  )
}

export const commitAmbiguous: Row = {
  number: 27,
  fault: 'ambiguous commit: the acknowledgement is lost after the commit',
  made: 'the fault proxy resets the connection in place of the answer: between client and platform, then between service and Postgres at the commit',
  passes: 'same key → exactly one row',
  async run(stage) {
    const box = await openBox(stage)
    const door = await faultProxy(box.url)
    stage.cleanup.add(() => door.close())
    const outside = await loseAnswers(
      { ...box, url: door.url },
      async (seconds) => {
        for (const until = Date.now() + seconds * 1000; Date.now() < until; ) {
          await door.set({ down: { reset: 0 } })
          await delay(200)
          await door.set({})
          await delay(100)
        }
      },
      stage.seconds(9),
    )
    await box.serving.end('SIGTERM')
    return [...outside, ...(await loseCommits(stage))]
  },
}

type Target = { url: string; token: string; database: string }

/** Only writes, whose answers are lost now and then; those that had none are sent again under their key. */
async function loseAnswers(
  target: Target,
  amid: (seconds: number) => Promise<void>,
  seconds: number,
): Promise<Check[]> {
  const mark = `m${crypto.randomUUID()}`
  const load = new Load({ ...target, page, mark, rate: 50, writes: 1 })
  await delay(500)
  await amid(seconds)
  await delay(500)
  await load.stop()
  const found = await audit(load, { ...target, mark })
  return [
    check(found.silent > 0, `${found.silent} committed without an acknowledgement`),
    ...auditChecks(found),
  ]
}

async function loseCommits(stage: Parameters<Row['run']>[0]): Promise<Check[]> {
  let armed = false
  const parts = await openParts(stage, {
    wired(direction, bytes) {
      if (!armed || direction !== 'down' || !bytes.includes('COMMIT')) return
      armed = false
      void parts.wire.set({ down: { reset: 0 } }).then(async () => {
        await delay(50)
        await parts.wire.set({})
      })
    },
  })
  return await loseAnswers(
    parts,
    async (seconds) => {
      for (const until = Date.now() + seconds * 1000; Date.now() < until; await delay(300)) {
        armed = true
      }
    },
    stage.seconds(9),
  )
}
