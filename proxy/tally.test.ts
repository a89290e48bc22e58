import { expect, test } from 'vitest'
import { Tally } from './tally.ts'

test('counts by route, status class and duration, as Prometheus reads it', () => {
  const tally = new Tally()
  tally.count('page', 200, 0.0004)
  tally.count('page', 304, 0.001)
  tally.count('page', 503, 0.2)
  tally.count('api', 201, 60)
  const lines = tally.text().split('\n')
  expect(lines).toContain('colonnade_requests_total{route="page",status="2xx"} 1')
  expect(lines).toContain('colonnade_requests_total{route="page",status="5xx"} 1')
  expect(lines).toContain('colonnade_request_duration_seconds_bucket{le="0.001",route="page"} 2')
  expect(lines).toContain('colonnade_request_duration_seconds_bucket{le="0.1",route="page"} 2')
  expect(lines).toContain('colonnade_request_duration_seconds_bucket{le="0.3",route="page"} 3')
  expect(lines).toContain('colonnade_request_duration_seconds_bucket{le="10",route="api"} 0')
  expect(lines).toContain('colonnade_request_duration_seconds_bucket{le="+Inf",route="api"} 1')
  expect(lines).toContain('colonnade_request_duration_seconds_sum{route="api"} 60')
  expect(lines).toContain('colonnade_request_duration_seconds_count{route="page"} 3')
})
