import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { connectTo } from '@colonnade/db'
import { type Installation, makeDataFolder, startInstallation } from '../installation.ts'
import {
  type Bench,
  type Figure,
  judged,
  perSecond,
  type Scenario,
  skipped,
  told,
} from '../scenario.ts'
import { copyPlainly } from './ten-million-copy.ts'
import { type Crud, measureCrud } from './ten-million-crud.ts'

const targetRatio = 2.5
const targetMemory = 300
/** Bytes for each instructor: both databases with their indexes, and the files in between. */
const bytesEach = 2200
const reserve = 2 * 1024 ** 3

/** What the origin published of its two databases at ten million records; milliseconds. */
const origin: Record<keyof Crud, { postgres: number; cassandra: number }> = {
  create: { postgres: 27.97, cassandra: 1.23 },
  read: { postgres: 2.25, cassandra: 17.04 },
  update: { postgres: 0.93, cassandra: 0.15 },
  delete: { postgres: 1.46, cassandra: 0.32 },
}

type Seeding = { seconds: number; mebibytes: number; rows: number; said: string }

/** Ten million instructors with all that belongs to them, against what Postgres needs for the same by itself. */
export const tenMillion: Scenario = {
  name: 'ten-million',
  about:
    'colonnade seed of ten million instructors against a plain COPY of the same rows, then CRUD',
  long: true,
  async run(bench: Bench) {
    const count = bench.quick ? 200_000 : 10_000_000
    const named = `Seed of ${count.toLocaleString('en')} instructors`
    const data = makeDataFolder(bench.cleanup)
    const { bavail, bsize } = statfsSync(data)
    if (process.platform !== 'linux') return nothing(named, 'memory is read from /proc')
    if (bavail * bsize < count * bytesEach + reserve) return nothing(named, 'the disk is too small')
    const { root, cleanup } = bench
    const installation = await startInstallation({ root, cleanup, data })
    try {
      bench.say(`  seeding ${count.toLocaleString('en')} instructors …`)
      const seeding = await runSeed(root, installation, count)
      bench.say(`  in ${seeding.seconds.toFixed(1)} s; now the same rows by plain COPY …`)
      const plain = await copyPlainly(root, installation.database)
      bench.say(`  in ${plain.seconds.toFixed(1)} s; now create, read, update and delete …`)
      const crud = await measureCrud(installation)
      return {
        figures: [...figuresOf(named, seeding, plain.seconds), ...crudFigures(crud)],
        plots: [
          {
            kind: 'bars' as const,
            title: `${named}, seconds`,
            bars: [
              { label: 'colonnade seed', value: seeding.seconds, ours: true },
              { label: 'COPY from files, then indexes', value: plain.seconds },
            ],
            mark: { label: `target: ${targetRatio} ×`, value: plain.seconds * targetRatio },
          },
        ],
        details: { count, seeding, plain, crud, origin },
      }
    } finally {
      await installation.stop()
    }
  },
}

const nothing = (named: string, why: string) => ({
  figures: [skipped(named, why)],
  plots: [],
  details: {},
})

function figuresOf(named: string, seeding: Seeding, plain: number): Figure[] {
  const ratio = seeding.seconds / plain
  return [
    judged(
      ratio <= targetRatio,
      `${named} ÷ COPY of the same rows and the same indexes`,
      `≤ ${targetRatio}`,
      `${ratio.toFixed(2)} × (${seeding.seconds.toFixed(1)} s)`,
      `${plain.toFixed(1)} s`,
    ),
    judged(
      seeding.mebibytes < targetMemory,
      '  resident memory of its process, at most',
      `< ${targetMemory} MiB`,
      `${seeding.mebibytes.toFixed(0)} MiB`,
    ),
    told(
      `  rows, indexes and constraints included (${seeding.rows.toLocaleString('en')})`,
      perSecond(seeding.rows / seeding.seconds),
      perSecond(seeding.rows / plain),
    ),
  ]
}

function crudFigures(crud: Crud): Figure[] {
  return (['create', 'read', 'update', 'delete'] as const).map((what) => {
    const { postgres: theirs, cassandra } = origin[what]
    return told(
      `  ${what} at that size through HTTP, median of ${crud[what].count}`,
      `${crud[what].median.toFixed(2)} ms`,
      `origin: Postgres ${theirs} ms, Cassandra ${cassandra} ms`,
    )
  })
}

/** Runs the command as a person would, in a process of its own, and watches its memory. */
async function runSeed(
  root: string,
  { data, database }: Installation,
  count: number,
): Promise<Seeding> {
  const began = performance.now()
  const child = spawn(
    join(root, 'ops/bin/colonnade.mjs'),
    ['seed', '--instructors', String(count)],
    {
      cwd: root,
      env: { PATH: process.env.PATH, COLONNADE_DATA: data },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      said += part
    })
  }
  let mebibytes = 0
  const watch = setInterval(() => {
    mebibytes = Math.max(mebibytes, peakOf(child.pid ?? 0))
  }, 100)
  const [code] = await once(child, 'close')
  clearInterval(watch)
  const seconds = (performance.now() - began) / 1000
  if (code !== 0) throw new Error(`colonnade seed ended with ${code}:\n${said}`)
  return { seconds, mebibytes, rows: await countRows(database), said }
}

/** The most that a process ever held, in MiB; 0 when it is gone. */
function peakOf(pid: number): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kibibytes ?? 0) / 1024
  } catch {
    return 0
  }
}

async function countRows(database: string): Promise<number> {
  const sql = connectTo(database)
  try {
    const [row] = await sql<{ rows: string }[]>`
      select (select count(*) from instructors.instructor)
        + (select count(*) from instructors.teaching) as rows`
    return Number(row?.rows)
  } finally {
    await sql.end()
  }
}
