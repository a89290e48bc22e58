import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { Generator } from '../../bench/children.ts'
import { Cleanup } from '../../bench/cleanup.ts'
import type { RequestPlan } from '../../bench/http/request.ts'
import { newInstructor } from '../../bench/scenarios/requests.ts'
import { root } from '../root.ts'
import { allow } from '../testing/hosts/firewall.ts'
import { follow, missingPackages } from '../testing/hosts/follow-guide.ts'
import { readGuide } from '../testing/hosts/guide.ts'
import type { Host } from '../testing/hosts/host.ts'
import { lendHosts } from '../testing/hosts/lend-hosts.ts'
import { serviceNames } from '../testing/service-names.ts'
import { Trial } from '../testing/trial.ts'

const trial = new Trial()
/** That the guide imports. */
const course = 'a-page-that-outlives-its-services'
const cleanup = new Cleanup()
const { hosts } = lendHosts(trial, { init: 'systemd' })
const blocks = readGuide(readFileSync(join(root, 'docs/deploy.md'), 'utf8'))
const lacking = missingPackages(blocks)
const why =
  lacking.length > 0 ? `${lacking.join(', ')} not installed: sudo ops/debian.sh` : undefined

beforeEach(({ skip }) => skip(why !== undefined, why))
afterAll(() => cleanup.run())

test('every command of docs/deploy.md works, in its order', () => {
  const { client, proxy, service, database } = hosts()
  const named = new Map([client, proxy, service, database].map((host) => [host.name, host]))
  const folder = trial.data('releases')
  for (const block of blocks) {
    try {
      follow(block, named, folder)
    } catch (error) {
      const logs = [proxy, service].map((host) =>
        host.sh('systemctl status --no-pager "colonnade-*" || true'),
      )
      throw new Error(`docs/deploy.md, line ${block.line}: ${error}\n${logs.join('\n')}`)
    }
  }
}, 240_000)

test('every service answers through the proxy, and the course page is whole', () => {
  const ask = (path: string) =>
    hosts().client.run([
      'curl',
      '-sk',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      `https://proxy${path}`,
    ])
  const asked = {
    courses: ['/courses', '200'],
    instructors: ['/api/instructors', '200'],
    reviews: ['/api/courses/1/reviews', '200'],
    media: ['/media/generated/a.svg', '200'],
    accounts: ['/sign-in', '200'],
    learning: [`/enrol/${course}`, '200'],
  }
  expect(Object.keys(asked).sort()).toEqual([...serviceNames].sort())
  for (const [name, [path = '', status]] of Object.entries(asked)) {
    expect([name, ask(path)]).toEqual([name, status])
  }
  const page = hosts().client.run(['curl', '-sk', `https://proxy/learn/${course}`])
  expect(page).not.toContain('away for now')
  for (const section of ['syllabus', 'instructors', 'reviews']) {
    expect(page).toContain(`<section id="${section}"`)
  }
})

test('the guide’s example addresses are those of the firewall’s table', () => {
  const { client, proxy, service, database } = hosts()
  const url = `http://${service.v4}:3001/healthz`
  expect(proxy.run(['curl', '-sf', url])).toContain('')
  for (const host of [client, database]) expect(refuses(host, service, 3001)).toBe(true)
  for (const host of [client, proxy]) expect(refuses(host, database, 5432)).toBe(true)
  expect(refuses(service, database, 5432)).toBe(false)
})

test('without its firewall the database still refuses whoever is no service', () => {
  const { client, proxy, service, database } = hosts()
  allow(database, [{ port: 5432, from: 'anywhere' }])
  const url = /INSTRUCTORS_DATABASE_URL='(.*)'/.exec(
    service.run(['cat', '/etc/colonnade/database.env']),
  )
  const query: [string, ...string[]] = ['psql', url?.[1] ?? '', '-Atc', 'select 1']
  for (const host of [client, proxy]) {
    host.sh('mkdir -p /etc/colonnade; cat >/etc/colonnade/postgres-ca.crt', {
      input: service.run(['cat', '/etc/colonnade/postgres-ca.crt']),
    })
    expect(() => host.run(query)).toThrow('no pg_hba.conf entry')
  }
  expect(service.run(query)).toBe('1\n')
  allow(database, [{ port: 5432, from: [service] }])
})

test.each([1, 10, 100, 1000])(
  '%i pages, reads and writes a second across the hosts, none lost',
  async (rate) => {
    const { client, proxy } = hosts()
    mkdirSync(join(root, 'dist/bench'), { recursive: true })
    generator ??= startGenerator(client)
    const headers = { 'Accept-Encoding': 'br' }
    const seconds = 3
    const mark = `At ${rate}`
    const requests: (RequestPlan & { expect: number })[] = [
      { method: 'GET', path: `/learn/${course}`, headers, expect: 200 },
      { method: 'GET', path: '/api/courses/1/instructors', headers, expect: 200 },
      { ...newInstructor(mark, { headers: authorisation() }), expect: 201 },
    ]
    const answered: string[] = []
    for (const { expect: status, ...request } of requests) {
      const { results } = await generator.open([
        {
          request,
          address: { host: proxy.v4, port: 443, tls: true },
          expect: status,
          rate,
          seconds,
        },
      ])
      for (const result of results) answered.push(`${result.answered} ${result.errors.join()}`)
    }
    expect(answered).toEqual(requests.map(() => `${rate * seconds} `))
    const stored = hosts().database.sh(
      `runuser -u postgres -- psql -d colonnade -Atc "select count(*) from instructors.instructor where last_name like '${mark} %'"`,
    )
    expect(Number(stored)).toBe(rate * seconds)
  },
  90_000,
)

/** As who holds the operator's token, which the guide has made on the services' host. */
function authorisation(): Record<string, string> {
  const settings = hosts().service.run(['cat', '/etc/colonnade/services.env'])
  const [, token = ''] = /^COLONNADE_API_TOKEN=(\S+)$/m.exec(settings) ?? []
  return { Authorization: `Bearer ${token}` }
}

let generator: Generator | undefined

function startGenerator(client: Host): Generator {
  const script = `const { bundle } = await import('${root}/ops/bin/bundle.mjs')
    await bundle('bench', { generator: 'bench/generator.ts' })`
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
  return new Generator(root, cleanup, client.prefix())
}

/** Whether a connection does not stand within a second. */
function refuses(from: Host, to: Host, port: number): boolean {
  const script = `const socket = require('node:net').connect(${port}, '${to.v4}')
    socket.on('connect', () => process.exit(0)).on('error', () => process.exit(3))
    setTimeout(() => process.exit(3), 1000)`
  try {
    from.run([process.execPath, '-e', script])
    return false
  } catch {
    return true
  }
}
