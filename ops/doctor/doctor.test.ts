import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '@colonnade/db'
import { createTrust, type HttpServer, listen } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { announce } from '../running.ts'
import { services } from '../services.ts'
import { divide } from '../workers/cores.ts'
import { connectionFinding } from './database.ts'
import { examine } from './examine.ts'
import { clockFinding, type Finding, type Level } from './finding.ts'
import { checkData, checkNode, checkPort, checkWorkers } from './machine.ts'
import { checkPlace } from './reachable.ts'

const folder = mkdtempSync(join(tmpdir(), 'colonnade-doctor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const servers: HttpServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close(0)
})
async function open(fetch: (request: Request) => Response | Promise<Response>) {
  const server = await listen({ port: 0, host: '127.0.0.1', fetch })
  servers.push(server)
  return `http://127.0.0.1:${server.port}`
}

const levels = (findings: readonly Finding[], about: string): Level[] =>
  findings.filter((finding) => finding.about === about).map(({ level }) => level)
const look = (env: Record<string, string>) =>
  examine({ COLONNADE_DATA: folder, PORT: '0', ...env }, folder, services)

let url: string
beforeAll(async () => {
  const database = await testDatabase('doctor', async (fresh) => {
    for (const { name, migrations } of services) await migrate(fresh, name, migrations)
  })
  url = database.url
})

test('a good installation is well in everything', async () => {
  const { findings, settings } = await look({
    DATABASE_URL: url,
    COLONNADE_SECRET: 'a secret for the doctor',
    COLONNADE_API_TOKEN: 'a token for the doctor',
  })
  // A test server may run without fsync, and its one role is a superuser: that is said.
  expect(levels(findings, 'roles')).toEqual(services.map(() => 'warn'))
  const others = findings.filter(({ about, what }) => about !== 'roles' && !what.includes('fsync'))
  expect(others.filter(({ level }) => level !== 'ok')).toEqual([])
  for (const about of [
    'node',
    'settings',
    'ports',
    'workers',
    'data',
    'secrets',
    'database',
    'pools',
    'clock',
  ]) {
    expect(levels(findings, about), about).toContain('ok')
  }
  expect(levels(findings, 'migrations')).toHaveLength(services.length)
  const of = (name: string) => settings.find((row) => row.name === name)
  expect(of('DATABASE_URL')).toMatchObject({ origin: 'environment' })
  expect(of('SITE_NAME')).toEqual({ name: 'SITE_NAME', value: 'Colonnade', origin: 'default' })
  expect(of('COLONNADE_SECRET')?.value).toBe('***')
  expect(JSON.stringify(settings)).not.toContain('for the doctor')
  expect(JSON.stringify({ findings, settings })).not.toContain(new URL(url).password)
})

test('settings that cannot be used are told, each, and the rest is looked at all the same', async () => {
  const { findings } = await look({ PORT: 'abc', SITE_ACCENT: '#ffff00', COLONNADE_DATTA: 'x' })
  const wrong = findings.filter(({ about }) => about === 'settings')
  expect(wrong.map(({ level }) => level)).toEqual(['fail', 'fail', 'warn'])
  expect(wrong[0]?.what).toContain('PORT (from environment)')
  expect(wrong[2]?.what).toContain('COLONNADE_DATTA')
  expect(levels(findings, 'data')).toContain('ok')
})

test('what does not answer is told with how to mend it, and without its password', async () => {
  const { findings } = await look({
    DATABASE_URL: 'postgres://ada:geheim@127.0.0.1:1/none',
    INSTRUCTORS_URL: 'http://127.0.0.1:1',
  })
  const failed = findings.filter(({ level }) => level === 'fail')
  expect(failed.map(({ about }) => about).sort()).toEqual(['database', 'reach', 'secrets'])
  for (const { mend } of failed) expect(mend).toMatch(/\w/)
  expect(JSON.stringify(findings)).not.toContain('geheim')
})

test('a database without the tables waits for its migrations; one migrated otherwise is a fault', async () => {
  const { url: empty } = await testDatabase()
  expect(levels((await look({ DATABASE_URL: empty })).findings, 'migrations')).toEqual(
    services.map(() => 'warn'),
  )
  const changed = services.map((service) => ({
    ...service,
    migrations: { ...service.migrations, [Object.keys(service.migrations)[0] ?? '']: 'select 1' },
  }))
  const { findings } = await examine(
    { COLONNADE_DATA: folder, PORT: '0', DATABASE_URL: url },
    folder,
    changed,
  )
  expect(levels(findings, 'migrations')).toEqual(services.map(() => 'fail'))
})

test('a port is free, ours, or somebody else’s', async () => {
  const taken = Number(new URL(await open(() => new Response('ok'))).port)
  expect((await checkPort('PORT', taken, '127.0.0.1', [])).level).toBe('fail')
  const withdraw = announce(folder, {
    pid: process.pid,
    url: `http://localhost:${taken}`,
    control: 'http://127.0.0.1:1',
    services: [],
    proxy: true,
    startedAt: new Date().toISOString(),
  })
  const { findings } = await look({ PORT: String(taken) })
  withdraw()
  expect(levels(findings, 'ports')).toEqual(['ok'])
  expect(levels(findings, 'reach')).toEqual(['ok'])
})

test('a host that signs otherwise or has another time is told', async () => {
  const trust = createTrust('their secret')
  const there = await open(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/healthz') {
      return new Response('ok', { headers: { Date: new Date(Date.now() - 300_000).toUTCString() } })
    }
    const known = await trust.check(request.headers.get('authorization'))
    return new Response(null, { status: known ? 200 : 401 })
  })
  const place = { setting: 'REVIEWS_URL', url: there, service: 'reviews' }
  const findings = await checkPlace(place, 'our own secret')
  expect(findings.map(({ about, level }) => [about, level])).toEqual([
    ['reach', 'ok'],
    ['clock', 'warn'],
    ['secrets', 'fail'],
  ])
  expect(levels(await checkPlace(place, 'their secret'), 'secrets')).toEqual([])
})

test('limits are where they are said to be', async () => {
  expect(
    [checkNode('20.18.3'), checkNode('20.19.0'), checkNode('24.0.0')].map((one) => one.level),
  ).toEqual(['fail', 'ok', 'ok'])
  expect([clockFinding('x', 59_000), clockFinding('x', -61_000)].map((one) => one.level)).toEqual([
    'ok',
    'warn',
  ])
  const pools = [20, 40, 100].map(
    (connections) => connectionFinding({ connections, used: 1 }, 4, divide(1, 2)).level,
  )
  expect(pools).toEqual(['fail', 'warn', 'ok'])
  const many = [40, 57].map(
    (connections) => connectionFinding({ connections, used: 1 }, 4, divide(2, 2)).level,
  )
  expect(many).toEqual(['fail', 'warn'])
  expect([divide(2, 2), divide(3, 2)].map((one) => checkWorkers(one).level)).toEqual(['ok', 'warn'])
  const disks = [100e6, 500e6, 5e9].map(
    async (free) => (await checkData(folder, free)).at(-1)?.level,
  )
  expect(await Promise.all(disks)).toEqual(['fail', 'warn', 'ok'])
})

test('secrets that others can read are told', async () => {
  const file = join(folder, 'secrets.json')
  writeFileSync(file, JSON.stringify({ secret: 's', apiToken: 't' }), { mode: 0o600 })
  expect(levels((await look({})).findings, 'secrets')).toEqual(['ok'])
  chmodSync(file, 0o644)
  expect(levels((await look({})).findings, 'secrets')).toEqual(['warn'])
  writeFileSync(file, 'half a fi')
  expect(levels((await look({})).findings, 'secrets')).toEqual(['fail'])
  rmSync(file)
})

test('providers that people sign in by are asked who they are, and their secrets are masked', async () => {
  let issuer = ''
  issuer = await open(() => Response.json({ issuer }))
  const school = {
    OIDC_SCHOOL_ISSUER: issuer,
    OIDC_SCHOOL_CLIENT_ID: 'colonnade',
    OIDC_SCHOOL_CLIENT_SECRET: 'geheim',
  }
  const { findings, settings } = await look({
    ...school,
    ...{
      OIDC_OTHER_ISSUER: `${issuer}/other`,
      OIDC_OTHER_CLIENT_ID: 'x',
      OIDC_OTHER_CLIENT_SECRET: 'y',
    },
    ...{
      OIDC_AWAY_ISSUER: 'http://127.0.0.1:9',
      OIDC_AWAY_CLIENT_ID: 'x',
      OIDC_AWAY_CLIENT_SECRET: 'y',
    },
    ...{ OIDC_HALF_ISSUER: issuer, OIDC_SCHOOL_SECRET: 'mistyped' },
  })
  // Half a provider is two faults: no id, and no secret.
  expect(levels(findings, 'sign-in')).toEqual(['fail', 'fail', 'warn', 'fail', 'ok'])
  expect(findings.find(({ level }) => level === 'warn')?.what).toContain('OIDC_SCHOOL_SECRET')
  expect(settings).toContainEqual({
    name: 'OIDC_SCHOOL_CLIENT_SECRET',
    value: '***',
    origin: 'environment',
  })
  expect(JSON.stringify({ findings, settings })).not.toContain('geheim')
})
