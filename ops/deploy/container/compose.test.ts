import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { root } from '../../root.ts'
import { serviceNames } from '../../testing/service-names.ts'

const service = z.object({
  image: z.string(),
  restart: z.literal('unless-stopped'),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()),
  secrets: z.array(z.string()).min(1),
  networks: z.array(z.string()).min(1),
  volumes: z.array(z.string().regex(/^\w+:\/[\w/]+$/)),
  ports: z.array(z.string()).optional(),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  healthcheck: z.object({ test: z.array(z.string()), interval: z.string(), retries: z.number() }),
  stop_grace_period: z.string(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
})
const compose = z
  .object({
    services: z.object({ proxy: service, services: service, database: service }),
    networks: z.record(z.string(), z.object({ internal: z.boolean().optional() })),
    volumes: z.record(z.string(), z.unknown()),
    secrets: z.record(z.string(), z.object({ file: z.string() })),
  })
  .parse(parse(readFileSync(join(import.meta.dirname, 'compose.yaml'), 'utf8'), { merge: true }))
const { proxy, services, database } = compose.services

test('only the proxy is reached from outside, and the database by services alone', () => {
  expect(proxy.ports).toEqual(['3000:3000'])
  expect(services.ports).toBeUndefined()
  expect(database.ports).toBeUndefined()
  expect(database.networks).toEqual(['back'])
  expect(proxy.networks).not.toContain('back')
  expect(services.networks).toContain('back')
  expect(compose.networks.back?.internal).toBe(true)
})

test('what is named is there: networks, volumes, secrets, the Containerfile', () => {
  for (const one of [proxy, services, database]) {
    for (const name of one.networks) expect(compose.networks).toHaveProperty(name)
    for (const mount of one.volumes)
      expect(compose.volumes).toHaveProperty(mount.split(':')[0] ?? '')
    for (const name of one.secrets) expect(compose.secrets).toHaveProperty([name])
    for (const [name, value] of Object.entries(one.environment)) {
      if (!name.endsWith('_FILE')) continue
      expect(one.secrets).toContain(value.replace('/run/secrets/', ''))
    }
  }
  expect(existsSync(join(root, proxy.build?.dockerfile ?? 'none'))).toBe(true)
})

test('the proxy knows where every service is, and all are served', () => {
  expect([...(services.command ?? [])].sort()).toEqual(['serve', ...serviceNames].sort())
  for (const name of serviceNames) {
    expect(proxy.environment).toHaveProperty(`${name.toUpperCase()}_URL`, 'http://services:3000')
  }
})

test('no secret stands in it, and ours run read-only without rights', () => {
  for (const one of [proxy, services, database]) {
    for (const name of Object.keys(one.environment)) {
      expect(name).not.toMatch(/(SECRET|TOKEN|PASSWORD|DATABASE_URL)$/)
    }
  }
  for (const one of [proxy, services])
    expect(one).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
})

test('secrets are made once, behind a folder that is ours alone', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'colonnade-secrets-')), 'made')
  try {
    const make = () => execFileSync('sh', [join(import.meta.dirname, 'secrets.sh'), folder])
    const read = (name: string) => readFileSync(join(folder, name), 'utf8')
    make()
    const url = read('database-url')
    expect(url).toBe(`postgres://colonnade:${read('database-password')}@database:5432/colonnade`)
    expect(read('colonnade-token')).toMatch(/^[0-9a-f]{48}$/)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    make()
    expect(read('database-url')).toBe(url)
    for (const { file } of Object.values(compose.secrets)) {
      expect(existsSync(join(folder, file.replace('./secrets/', '')))).toBe(true)
    }
  } finally {
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
})
