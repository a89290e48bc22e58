import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { connectTo, type Sql } from '@colonnade/db'
import type { ServiceDefinition } from '@colonnade/http'
import type { Running } from '../running.ts'
import type { Settings } from '../settings.ts'
import {
  connectionsNeeded,
  connectionsWanted,
  type Division,
  divide,
  spareConnections,
} from '../workers/cores.ts'
import { clockFinding, type Finding, fail, ok, warn, withoutPassword } from './finding.ts'
import { findRole, findServer, listMigrations } from './queries.ts'

const oldest = 150_000
const extensions = ['pg_trgm', 'unaccent']

/** Every database that a service is told to use, and the services that use it. */
export async function checkDatabases(
  settings: Settings,
  definitions: readonly ServiceDefinition[],
  data: string,
  running: readonly Running[],
): Promise<Finding[]> {
  const embedded = running.find(({ database }) => database)?.database
  const users = new Map<string, ServiceDefinition[]>()
  const idle: string[] = []
  for (const definition of definitions) {
    const url = settings.databaseOf(definition.name) ?? embedded
    if (url) users.set(url, [...(users.get(url) ?? []), definition])
    else idle.push(definition.name)
  }
  const findings: Finding[] = []
  if (idle.length > 0) {
    const made = existsSync(join(data, 'postgres', 'PG_VERSION'))
    findings.push(
      ok(
        'database',
        `The embedded database ${made ? `in ${join(data, 'postgres')} is not running now` : 'is made at the first start'} (for ${idle.join(', ')}).`,
      ),
    )
  }
  const division = divide(settings.WORKERS)
  for (const [url, services] of users) {
    findings.push(...(await checkDatabase(url, services, division, url === embedded)))
  }
  return findings
}

async function checkDatabase(
  url: string,
  services: readonly ServiceDefinition[],
  division: Division,
  embedded: boolean,
): Promise<Finding[]> {
  const shown = withoutPassword(url)
  let sql: Sql | undefined
  try {
    sql = connectTo(url, { connect_timeout: 5 })
    const asked = Date.now()
    const server = await findServer(sql, extensions)
    const middle = (asked + Date.now()) / 2
    const missing = extensions.filter((name) => !server.extensions.includes(name))
    const findings = [
      server.version >= oldest
        ? ok('database', `${shown} answers: Postgres ${server.versionText}.`)
        : fail(
            'database',
            `${shown} is Postgres ${server.versionText}.`,
            'Move to Postgres 15 or newer.',
          ),
      missing.length === 0
        ? ok('database', `The extensions ${extensions.join(' and ')} are there.`)
        : fail(
            'database',
            `The extensions ${missing.join(' and ')} are missing.`,
            'Install them on the database’s host: they come with Postgres, often as postgresql-contrib.',
          ),
    ]
    if (server.encoding !== 'UTF8') {
      findings.push(
        fail(
          'database',
          `Its encoding is ${server.encoding}.`,
          'Make a database with: create database colonnade template template0 encoding ‘UTF8’',
        ),
      )
    }
    if (!server.durable) {
      findings.push(
        warn(
          'database',
          'What it acknowledges may be lost in a power cut (fsync or synchronous_commit is off).',
          'Turn both on in postgresql.conf, unless nothing here matters.',
        ),
      )
    }
    findings.push(
      connectionFinding(server, services.length, division),
      clockFinding('the database’s', middle - server.now.getTime()),
    )
    for (const service of services) {
      findings.push(await checkMigrations(sql, service))
      if (!embedded) findings.push(await checkRole(sql, service.name))
    }
    return findings
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return [
      fail(
        'database',
        `${shown} does not answer: ${said || 'no reason was given'}.`,
        'Check that it runs, that this host may reach it, and the address in DATABASE_URL.',
      ),
    ]
  } finally {
    await sql?.end({ timeout: 1 })
  }
}

/** @param server its limit and use now @param services how many services a process runs on it */
export function connectionFinding(
  server: { connections: number; used: number },
  services: number,
  division: Division,
): Finding {
  const { workers } = division
  const held = connectionsNeeded(division, services)
  const needed = held + spareConnections
  const where = workers > 1 ? `${workers} workers and one that replaces another` : 'a process'
  const what = `${services} services hold at most ${held} connections in ${where}; the database takes ${server.connections}, ${server.used} are open.`
  if (server.connections < needed) {
    return fail('pools', what, `Raise max_connections to ${needed + 10} or more.`)
  }
  if (server.connections < connectionsWanted(division, services)) {
    return warn(
      'pools',
      what,
      'Raise max_connections before another process is started on this database.',
    )
  }
  return ok('pools', what)
}

/** An installation whose embedded database nobody else reaches has one role; elsewhere a service needs no more than rows. */
async function checkRole(sql: Sql, service: string): Promise<Finding> {
  const { name, superuser, owner } = await findRole(sql, service)
  if (!superuser && !owner) {
    return ok('roles', `${service} runs as ${name}, which may change rows and no tables.`)
  }
  const upper = service.toUpperCase()
  return warn(
    'roles',
    `${service} runs as ${name}, ${superuser ? 'a superuser' : `the owner of its tables`}: whoever breaks into it may drop them.`,
    `Let ops/deploy/postgres/setup.sh make roles; ${upper}_DATABASE_URL takes ${service}_app, ${upper}_DIRECT_DATABASE_URL ${service}_owner.`,
  )
}

async function checkMigrations(
  sql: Sql,
  { name, migrations }: Pick<ServiceDefinition, 'name' | 'migrations'>,
): Promise<Finding> {
  const applied = await listMigrations(sql, name)
  const files = Object.entries(migrations).map(([path, text]) => ({
    file: path.slice(path.lastIndexOf('/') + 1),
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const changed = files.find(({ file, sha256 }) => (applied?.get(file) ?? sha256) !== sha256)
  if (changed) {
    return fail(
      'migrations',
      `${name}/${changed.file} has changed since it was applied.`,
      'Restore the file and add a new one: migrations only go forward.',
    )
  }
  const waiting = files.filter(({ file }) => !applied?.has(file)).map(({ file }) => file)
  if (waiting.length === 0) return ok('migrations', `${name} is up to date.`)
  return warn(
    'migrations',
    `${name} waits for ${waiting.join(', ')}.`,
    'Run colonnade migrate; starting the service does it too.',
  )
}
