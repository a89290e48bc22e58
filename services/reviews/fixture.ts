import { tmpdir } from 'node:os'
import { type Database, migrate, openDatabase } from '@colonnade/db'
import { type Backend, createTrust, type ServiceContext } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { pino } from 'pino'
import { afterAll } from 'vitest'
import { reviews } from './service.ts'

export const operatorToken = 'operator-token-in-tests'

/** The service on a database of its own, or the given one; it asks no other but those of `peer`. */
export async function openReviews(given?: Database, peer = askNobody) {
  const db = given ?? (await openOwn())
  const trust = createTrust('secret')
  const told = { nudges: 0 }
  const context: ServiceContext = {
    db,
    trust,
    operatorToken,
    peer,
    nudge: () => {
      told.nudges += 1
    },
    log: pino({ level: 'silent' }),
    data: tmpdir(),
    env: {},
    assets: ['/assets/reviews/index.css'],
  }
  const running = reviews.open(context)
  afterAll(async () => {
    await running.close?.()
    await db.close()
  })
  const get = async (path: string, init?: RequestInit) =>
    await running.app.fetch(new Request(`http://test${path}`, init))
  /** A request with the operator's token and, when given, a JSON body. */
  const write = (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) =>
    get(path, {
      method,
      headers: {
        Authorization: `Bearer ${operatorToken}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  /** A request of another service. */
  const inside = async (path: string, init: RequestInit = {}) =>
    get(path, {
      ...init,
      headers: { 'Content-Type': 'application/json', Authorization: await trust.header() },
    })
  return { db, context, running, told, get, write, inside }
}

const askNobody = (name: string): Backend => ({
  async fetch() {
    throw new Error(`reviews ask nobody here, not ${name}`)
  },
})

async function openOwn(): Promise<Database> {
  const { url } = await testDatabase('reviews', async (fresh) => {
    await migrate(fresh, 'reviews', reviews.migrations)
  })
  return openDatabase({ url, name: 'reviews test' })
}
