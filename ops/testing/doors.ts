import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accounts } from '@colonnade/accounts/service'
import { type Database, migrate, openDatabase } from '@colonnade/db'
import {
  type Backend,
  createTrust,
  localBackend,
  personHeader,
  type RunningService,
  readPeople,
  type ServiceContext,
  type ServiceDefinition,
} from '@colonnade/http'
import { createProxy, type Proxy } from '@colonnade/proxy'
import { reviews } from '@colonnade/reviews/service'
import { testDatabase } from '@colonnade/testing'
import { createMetrics } from '@colonnade/watch'
import { pino } from 'pino'
import { Faults } from '../faults.ts'
import { createHost, type Host } from '../host.ts'

export const origin = 'http://localhost:3000'
export const operatorToken = 'the operator of these tests'

/**
 * Accounts, reviews, and a service that says who asks (`/api/whoami`), each on a database of its own, in this process;
 * before them two proxies, and a host that is reached without one.
 */
export async function openDoors() {
  const trust = createTrust('a secret for tests')
  const definitions = [accounts, reviews, whoami]
  const running = new Map<string, RunningService>()
  const databases = new Map<string, Database>()
  const away = new Set<string>()
  const logged: string[] = []
  const data = mkdtempSync(join(tmpdir(), 'colonnade-doors-'))
  const log = pino({ level: 'trace' }, { write: (line) => logged.push(line) })

  const backend = (name: string): Backend => ({
    async fetch(path, init) {
      const service = running.get(name)
      if (!service || away.has(name)) {
        throw Object.assign(new Error(`${name} is away`), { code: 'ECONNREFUSED' })
      }
      return await localBackend(service).fetch(path, init)
    },
  })

  for (const definition of definitions) {
    const { name } = definition
    const { url } = await testDatabase(name, async (fresh) => {
      await migrate(fresh, name, definition.migrations)
    })
    const db = openDatabase({ url, name })
    databases.set(name, db)
    const context: ServiceContext = {
      ...{ db, trust, operatorToken, log, peer: backend, assets: [] },
      env: { COLONNADE_URL: origin },
      scopes: definitions.flatMap(({ scopes = [] }) => scopes),
      data: join(data, name),
      nudge: () => {},
    }
    running.set(name, definition.open(context))
  }

  const openProxy = (name: string): Proxy =>
    createProxy({
      ...{ services: definitions, backend, trust, operatorToken, log },
      local: (service) => running.get(service),
      site: { url: origin, name: 'Test', legal: [], styles: [], scripts: [], fonts: [] },
      data: join(data, name),
      built: join(data, 'none'),
      metrics: createMetrics(),
      cacheBytes: 32 * 1024 * 1024,
    })
  const proxies: [Proxy, Proxy] = [openProxy('one'), openProxy('two')]

  return {
    ...{ trust, backend, proxies, databases, away, logged },
    /** The first proxy, as somebody outside reaches it. */
    door: (path: string, init?: RequestInit) =>
      proxies[0].fetch(new Request(origin + path, init), '192.0.2.1'),
    /** Asks the service itself, with a signed token. @returns whether it knows who that is */
    async knows(signed: string): Promise<boolean> {
      const headers = { [personHeader]: signed }
      const answer = await backend('whoami').fetch('/api/whoami', { headers })
      return (await answer.json()).id !== null
    },
    openHost: (): Host =>
      createHost({
        ...{ definitions, running, operatorToken, trust },
        accounts: backend('accounts'),
        faults: new Faults(),
        styles: [],
        metrics: createMetrics(),
      }),
    async close(): Promise<void> {
      for (const one of [...proxies, ...running.values(), ...databases.values()]) {
        await one.close?.()
      }
    },
  }
}

/** Says who asks, and with what signed token. */
const whoami: ServiceDefinition = {
  name: 'whoami',
  routes: ['/api/whoami'],
  fragments: {},
  migrations: {},
  open({ peer }) {
    const people = readPeople(peer('accounts'))
    return {
      app: {
        async fetch(request) {
          const id = (await people.of(request))?.id ?? null
          return Response.json({ id, signed: request.headers.get(personHeader) })
        },
      },
    }
  },
}
