import { setTimeout as delay } from 'node:timers/promises'
import { connectTo, MigrationError, migrate, type Sql } from '@colonnade/db'
import { ms, pagesCame, statuses, within } from '../figures.ts'
import { type Check, check, type Row, type Stage } from '../row.ts'
import { openBox, underLoad } from '../stage.ts'

const schema = 'instructors'
const column = 'alter table instructor add column seen text'
const slow = 'alter table instructor add column slow text; select pg_sleep(30)'
const half =
  'create table half (id bigint); alter table instructor add column half text; select pg_sleep(30)'
const index =
  '-- outside a transaction\ncreate index concurrently if not exists instructor_seen on instructor (title);'

export const badMigration: Row = {
  number: 23,
  fault: 'bad migration: long lock, half applied',
  made: 'while somebody else holds the table for seconds, a migration adds a column; another keeps the table for itself; one is killed half-way; so is an index build',
  passes: 'no request waits > 1 s',
  async run(stage) {
    const box = await openBox(stage)
    const sql = connectTo(box.database, { max: 2 })
    stage.cleanup.add(() => sql.end({ timeout: 1 }))
    const outcome: Check[] = []
    const { load, checks, faultAt, mendedAt } = await underLoad(
      box,
      async () => {
        outcome.push(await waitsForItsTurn(stage, sql, box.database))
        outcome.push(await endsBeforeOthersWait(sql, box.database))
        outcome.push(await leavesNothing(sql, box.database))
        outcome.push(await buildsAgain(sql, box.database))
      },
      { rate: 100 },
    )
    const requests = within([...load.pages, ...load.writes], faultAt, mendedAt)
    const slowest = Math.max(...requests.map((one) => one.ms))
    const failed = requests.filter(({ status }) => status !== 200 && status !== 201)
    const failures = failed.length > 0 ? ` (${statuses(failed)})` : ''
    return [
      pagesCame(load),
      check(slowest < 1000, `slowest of ${requests.length} requests meanwhile ${ms(slowest)}`),
      check(failed.length === 0, `${failed.length} of them failed${failures}`),
      ...outcome,
      ...checks,
    ]
  },
}

async function waitsForItsTurn(stage: Stage, sql: Sql, url: string): Promise<Check> {
  const held = stage.seconds(6)
  const holding = sql.begin(async (tx) => {
    await tx`select from instructors.instructor limit 1`
    await delay(held * 1000)
  })
  await delay(100)
  const began = performance.now()
  await migrate(url, schema, { '9001_seen.sql': column })
  const took = performance.now() - began
  await holding
  return check(
    await hasColumn(sql, 'seen'),
    `a table held for ${held} s: its migration was through after ${ms(took)}`,
  )
}

async function endsBeforeOthersWait(sql: Sql, url: string): Promise<Check> {
  const began = performance.now()
  const error = await migrate(url, schema, { '9002_slow.sql': slow }).catch((one: unknown) => one)
  const undone = error instanceof MigrationError && !(await hasColumn(sql, 'slow'))
  return check(
    undone,
    `one that kept the table was undone after ${ms(performance.now() - began)}, and said why`,
  )
}

async function leavesNothing(sql: Sql, url: string): Promise<Check> {
  const dying = migrate(url, schema, { '9003_half.sql': half }).then(
    () => false,
    () => true,
  )
  await kill(sql, 'pg_sleep')
  const died = await dying
  const [left] = await sql`select to_regclass('instructors.half') as there`
  const nothing = left?.there === null && !(await hasColumn(sql, 'half'))
  return check(died && nothing, 'one killed half-way left nothing')
}

/** A build waits for every older snapshot, which gives time to kill it; what it leaves is never used. */
async function buildsAgain(sql: Sql, url: string): Promise<Check> {
  let release = () => {}
  const letGo = new Promise<void>((resolve) => {
    release = resolve
  })
  const holding = sql.begin('isolation level repeatable read', async (tx) => {
    await tx`select from instructors.instructor limit 1`
    await letGo
  })
  const files = { '9004_index.sql': index }
  const dying = migrate(url, schema, files).catch(() => {})
  for (const until = Date.now() + 10_000; Date.now() < until && (await isValid(sql)) !== false; ) {
    await delay(20)
  }
  await kill(sql, 'create index concurrently')
  await dying
  const broken = (await isValid(sql)) === false
  release()
  await holding
  await migrate(url, schema, files)
  return check(
    broken && (await isValid(sql)) === true,
    'an index build killed half-way was taken up again',
  )
}

/** Ends the connection of whoever migrates, as soon as it is at this statement. */
async function kill(sql: Sql, statement: string): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await delay(20)) {
    const ended = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'colonnade migrate instructors' and state = 'active'
        and strpos(query, ${statement}) > 0`
    if (ended.length > 0) return
  }
}

async function hasColumn(sql: Sql, name: string): Promise<boolean> {
  const rows = await sql`
    select from information_schema.columns
    where table_schema = 'instructors' and table_name = 'instructor' and column_name = ${name}`
  return rows.length > 0
}

/** Whether the index is used; undefined where there is none. */
async function isValid(sql: Sql): Promise<boolean | undefined> {
  const [row] = await sql<{ valid: boolean }[]>`
    select indisvalid as valid from pg_index
    where indexrelid = to_regclass('instructors.instructor_seen')`
  return row?.valid
}
