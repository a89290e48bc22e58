import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { freePort } from '@colonnade/testing/free-port'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCollector, type Received } from './testing/collector.ts'
import { eventually } from './testing/colonnade.ts'
import { slug } from './testing/course-page.ts'
import { installedDatabase, openParts, type Parts } from './testing/fixture.ts'
import { Trial } from './testing/trial.ts'

const trial = new Trial()
let collector: Awaited<ReturnType<typeof openCollector>>
let databaseUrl: string
let parts: Parts

beforeAll(async () => {
  collector = await openCollector()
  databaseUrl = await installedDatabase(trial)
  parts = await openParts(trial, databaseUrl, {
    shared: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  })
}, 120_000)

afterAll(async () => {
  await parts?.close()
  collector?.close()
  await trial.close()
})

/** Asks as a caller that is traced itself. @returns the trace, once `whole` says that all of it is here */
async function traceOf(
  url: string,
  whole: (spans: readonly Received[]) => void,
  init: RequestInit = {},
): Promise<{ spans: readonly Received[]; caller: string }> {
  const id = randomBytes(16).toString('hex')
  const caller = randomBytes(8).toString('hex')
  const headers = { ...init.headers, traceparent: `00-${id}-${caller}-01` }
  const response = await fetch(url, { ...init, headers })
  expect(response.ok, await response.text()).toBe(true)
  const spans = await eventually(async () => {
    const found = collector.trace(id)
    whole(found)
    return found
  }, 15_000)
  return { spans, caller }
}

const isSql = ({ attributes }: Received) => attributes['db.system'] === 'postgresql'

/** The spans above one, up to the first of the trace. */
function above(spans: readonly Received[], span: Received): Received[] {
  const parent = spans.find(({ id }) => id === span.parent)
  return parent ? [parent, ...above(spans, parent)] : []
}

test('one trace goes from the door over a service elsewhere to its SQL', async () => {
  const door = (spans: readonly Received[]) =>
    spans.find(({ kind, process }) => kind === 'server' && process === 'colonnade-proxy')
  const { spans, caller } = await traceOf(`${parts.proxy.url}/es/learn/${slug}`, (found) => {
    expect(door(found)).toBeDefined()
    expect(found.filter(({ name }) => name.startsWith('fragment '))).toHaveLength(8)
    expect(found.filter(isSql).length).toBeGreaterThan(5)
  })
  expect(door(spans)).toMatchObject({
    parent: caller,
    name: '/learn/:slug',
    attributes: {
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.path': `/es/learn/${slug}`,
    },
  })
  const banner = spans.find(({ name }) => name === 'fragment courses/banner')
  expect(banner).toMatchObject({ attributes: { 'colonnade.fragment': 'fresh' } })
  const statements = spans.filter(isSql)
  for (const statement of statements) {
    expect(statement.kind).toBe('client')
    const way = above(spans, statement)
    expect(way.at(-1)).toEqual(door(spans))
    expect(statement.process).toBe('colonnade-courses')
    const names = way.map(({ kind, process, name }) => `${kind} ${process} ${name}`)
    // Below the fragment another service may have been asked for the course's address.
    expect(names.slice(-4)).toEqual([
      expect.stringMatching(/^server colonnade-courses \w+ fragment \w+\/[\w-]+$/),
      expect.stringMatching(/^client colonnade-proxy GET \w+$/),
      expect.stringMatching(/^internal colonnade-proxy fragment \w+\/[\w-]+$/),
      'server colonnade-proxy /learn/:slug',
    ])
  }
  const reviews = statements.filter(({ name }) => name.startsWith('select reviews.'))
  expect(reviews.length).toBeGreaterThan(0)
})

test('a write shows its transaction, and nothing of what was written', async () => {
  const text = `Written ${crypto.randomUUID()}`
  const { spans } = await traceOf(
    `${parts.proxy.url}/api/courses/${parts.courseId}/reviews`,
    (found) => {
      expect(found.some(({ name }) => name === 'transaction')).toBe(true)
      expect(
        found.some(({ kind, process }) => kind === 'server' && process.endsWith('proxy')),
      ).toBe(true)
    },
    {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${trial.token}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': crypto.randomUUID(),
      },
      body: JSON.stringify({ learner: crypto.randomUUID(), author: 'Lee', stars: 4, text }),
    },
  )
  const inside = spans.filter((span) =>
    above(spans, span).some(({ name }) => name === 'transaction'),
  )
  expect(inside.map(({ name }) => name)).toContain('insert reviews.review')
  expect(JSON.stringify(spans)).not.toContain(text)
  expect(JSON.stringify(spans)).not.toContain('Lee')
})

/** Starts everything in one process, asks for a page, ends it. @returns the files it had loaded by then */
async function loaded(name: string, settings: Record<string, string>): Promise<string[]> {
  const coverage = trial.data(`${name}-coverage`)
  const serving = await trial.serve(['start'], {
    ...trial.settings(name, { DATABASE_URL: databaseUrl, ...settings }),
    NODE_V8_COVERAGE: coverage,
  })
  const response = await fetch(`${serving.url}/learn/${slug}`)
  expect(response.status).toBe(200)
  expect(await serving.end('SIGTERM')).toBe(0)
  const reports = readdirSync(coverage).map((file) => readFileSync(join(coverage, file), 'utf8'))
  return reports.flatMap((text) =>
    [...text.matchAll(/"url":"([^"]+)"/g)].map(([, url = '']) => url),
  )
}

const ofOpenTelemetry = /\/otlp-[^/]*\.js$/

test('where no collector is named nothing of OpenTelemetry’s SDK is loaded', async () => {
  const files = await loaded('untraced', {})
  expect(files.some((file) => file.includes('/dist/server/'))).toBe(true)
  expect(files.filter((file) => ofOpenTelemetry.test(file))).toEqual([])
})

test('spans leave as protobuf unless told, and the last ones at the end', async () => {
  const files = await loaded('traced', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  expect(files.some((file) => ofOpenTelemetry.test(file))).toBe(true)
  expect([...collector.types]).toContain('POST /v1/traces application/x-protobuf')
})

test('a collector that never answers, or is not there, costs nothing but the spans', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  const address = silent.address()
  const port = typeof address === 'object' && address ? address.port : 0
  for (const at of [port, await freePort()]) {
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${at}` }
    await loaded(`to-${at}`, settings)
  }
  silent.closeAllConnections()
  silent.close()
})

test('a protocol that is none of ours is refused with what to set', async () => {
  const child = trial.spawn(['start'], {
    ...trial.settings('grpc', { DATABASE_URL: databaseUrl, PORT: String(await freePort()) }),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  })
  expect(await child.ended).not.toBe(0)
  expect(child.output()).toContain('set http/protobuf (the default) or http/json')
  expect(child.output()).not.toContain('    at ')
})
