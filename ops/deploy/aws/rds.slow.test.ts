import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { startEmbedded } from '@colonnade/db/embedded'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serviceNames } from '../../testing/service-names.ts'

/** A Postgres whose master is as RDS makes one: it may make roles and databases, and is no superuser. */
const data = mkdtempSync(join(tmpdir(), 'colonnade-rds-'))
let server: Awaited<ReturnType<typeof startEmbedded>>
let at: URL

beforeAll(async () => {
  chmodSync(data, 0o711)
  server = await startEmbedded({ data, log: () => {} })
  at = new URL(server.url)
  const sql = postgres(as(at.username, at.password, 'postgres'), { max: 1, onnotice: () => {} })
  await sql.unsafe('drop database if exists colonnade with (force)')
  await sql.unsafe("create role master login createrole createdb password 'master'")
  await sql.end()
}, 120_000)

afterAll(async () => {
  await server?.stop()
  rmSync(data, { recursive: true, force: true })
})

const as = (user: string, password: string, database: string) =>
  Object.assign(new URL(at), { username: user, password, pathname: `/${database}` }).href

function makeRoles(): Record<string, string | undefined> {
  const script = '. "$here/aws/hosts/rds-roles.sh"; set -eu; rds_roles secret "$PGHOST:$PGPORT"'
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      here: join(import.meta.dirname, '..'),
      PGHOST: at.hostname,
      PGPORT: at.port,
      PGUSER: 'master',
      PGPASSWORD: 'master',
      PGDATABASE: 'postgres',
    },
  })
  if (status !== 0) throw new Error(stderr)
  return parseEnv(stdout)
}

test('a master who is no superuser makes the roles, twice alike, and each sees its own schema alone', async (context) => {
  context.skip(
    spawnSync('psql', ['--version']).status !== 0,
    'psql is not here: sudo ops/debian.sh',
  )
  const settings = makeRoles()
  expect(makeRoles()).toEqual(settings)
  expect(Object.keys(settings)).toHaveLength(2 * serviceNames.length)
  const sql = (name: string) => {
    const url = new URL(settings[name] ?? '')
    url.search = ''
    return postgres(url.href, { max: 1, onnotice: () => {} })
  }
  const owner = sql('REVIEWS_DIRECT_DATABASE_URL')
  const app = sql('REVIEWS_DATABASE_URL')
  const other = sql('COURSES_DATABASE_URL')
  try {
    await owner`create table reviews.one (id int)`
    await app`insert into reviews.one values (1)`
    await expect(app`drop table reviews.one`).rejects.toThrow('must be owner')
    await expect(other`select * from reviews.one`).rejects.toThrow('permission denied')
    await expect(app`create table public.two (id int)`).rejects.toThrow('permission denied')
  } finally {
    await Promise.all([owner, app, other].map((one) => one.end()))
  }
})
