import { expect, test } from 'vitest'
import { aggregate, createMetrics } from './metrics.ts'

const lines = (text: string) => text.split('\n')

test('counts by service, route, status class and duration, as Prometheus reads it', async () => {
  const metrics = createMetrics()
  const page = metrics.route('proxy', '/learn/:slug')
  page.count(200, 0.0004)
  page.count(304, 0.001)
  page.count(503, 0.2)
  metrics.route('reviews', '/api/reviews').count(201, 60)
  const text = lines(await metrics.text())
  const requests = 'colonnade_requests_total'
  const seconds = 'colonnade_request_duration_seconds'
  const slug = 'service="proxy",route="/learn/:slug"'
  const reviews = 'service="reviews",route="/api/reviews"'
  expect(text).toContain(`${requests}{${slug},status="2xx"} 1`)
  expect(text).toContain(`${requests}{${slug},status="5xx"} 1`)
  expect(text).toContain(`${requests}{${reviews},status="2xx"} 1`)
  expect(text).toContain(`${seconds}_bucket{le="0.001",${slug}} 2`)
  expect(text).toContain(`${seconds}_bucket{le="0.1",${slug}} 2`)
  expect(text).toContain(`${seconds}_bucket{le="0.25",${slug}} 3`)
  expect(text).toContain(`${seconds}_bucket{le="10",${reviews}} 0`)
  expect(text).toContain(`${seconds}_bucket{le="+Inf",${reviews}} 1`)
  expect(text).toContain(`${seconds}_sum{${reviews}} 60`)
  expect(text).toContain(`${seconds}_count{${slug}} 3`)
})

test('a route asked for twice is counted in one place', () => {
  const metrics = createMetrics()
  expect(metrics.route('proxy', 'asset')).toBe(metrics.route('proxy', 'asset'))
})

test('figures are read when somebody asks, from everyone who has some', async () => {
  const metrics = createMetrics()
  let bytes = 1
  metrics.read('colonnade_cache_bytes', () => [[{ cache: 'pages' }, bytes]])
  metrics.read('colonnade_cache_bytes', async () => [[{ cache: 'fragments' }, 5]])
  metrics.read('colonnade_cache_reads_total', () => [[{ cache: 'pages', result: 'hit' }, 3]])
  bytes = 2
  for (const _ of ['first', 'again']) {
    const text = lines(await metrics.text())
    expect(text).toContain('colonnade_cache_bytes{cache="pages"} 2')
    expect(text).toContain('colonnade_cache_bytes{cache="fragments"} 5')
    expect(text).toContain('colonnade_cache_reads_total{cache="pages",result="hit"} 3')
  }
})

test('a reader that fails or never answers takes nothing else with it', async () => {
  const metrics = createMetrics()
  metrics.read('colonnade_outbox_waiting', () => [[{ service: 'courses' }, 4]])
  metrics.read('colonnade_outbox_waiting', async () => {
    throw new Error('the database is away')
  })
  metrics.read('colonnade_outbox_waiting', () => new Promise(() => {}))
  const text = await metrics.text()
  expect(text).toContain('colonnade_outbox_waiting{service="courses"} 4')
  expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
})

test('the figures of several processes become those of one', async () => {
  const processes = [1, 2].map((share) => {
    const metrics = createMetrics()
    for (let i = 0; i < share; i++) metrics.route('proxy', 'asset').count(200, 0.002)
    metrics.read('colonnade_shed_total', () => [[{ priority: 'read', reason: 'full' }, share]])
    metrics.read('colonnade_breakers_open', () => [[{ fragment: 'reviews/reviews' }, share - 1]])
    return metrics
  })
  const jsons = await Promise.all(processes.map((metrics) => metrics.json()))
  // As they travel between processes.
  const text = lines(await aggregate(JSON.parse(JSON.stringify(jsons))))
  const asset = 'service="proxy",route="asset"'
  expect(text).toContain(`colonnade_requests_total{${asset},status="2xx"} 3`)
  expect(text).toContain(`colonnade_request_duration_seconds_bucket{le="0.001",${asset}} 0`)
  expect(text).toContain(`colonnade_request_duration_seconds_bucket{le="0.0025",${asset}} 3`)
  expect(text).toContain(`colonnade_request_duration_seconds_bucket{le="+Inf",${asset}} 3`)
  expect(text).toContain(`colonnade_request_duration_seconds_count{${asset}} 3`)
  expect(text).toContain('colonnade_shed_total{priority="read",reason="full"} 3')
  // One breaker that is open is one, in however many processes.
  expect(text).toContain('colonnade_breakers_open{fragment="reviews/reviews"} 1')
  const [started] = text.filter((line) => line.startsWith('process_start_time_seconds '))
  const seconds = Number(started?.split(' ')[1])
  expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(3600)
})
