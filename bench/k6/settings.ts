import { check, fail } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import type { Options, Scenario } from 'k6/options'

/**
 * What every script reads from the environment; the ids are of courses that somebody teaches.
 * @param name an environment variable, `-e NAME=value`
 */
const setting = (name: string, otherwise: string) => __ENV[name] || otherwise
const number = (name: string, otherwise: number) => {
  const value = Number(setting(name, String(otherwise)))
  if (!(value > 0)) throw new Error(`${name} is a number above 0, such as ${otherwise}.`)
  return value
}

const base = setting('BASE_URL', 'http://localhost:3000').replace(/\/+$/, '')
const rps = number('RPS', 100)
const duration = setting('DURATION', '60s')
const slug = setting('SLUG', 'a-page-that-outlives-its-services')
const courses = { from: number('COURSES_FROM', 1), to: number('COURSES_TO', 1) }
const token = setting('TOKEN', '')
/** Milliseconds within which 99 of 100 answers are to come. */
const p99 = number('P99', 1000)

/**
 * Constant arrivals, whether or not the platform keeps up. An answer is given a second; who finds no virtual user
 * free is a dropped iteration.
 * @param share of RPS
 */
export function arrivals(exec: string, share = 1): Scenario {
  const rate = Math.max(1, Math.round(rps * share))
  return {
    executor: 'constant-arrival-rate',
    exec,
    rate,
    timeUnit: '1s',
    duration,
    preAllocatedVUs: Math.max(10, Math.ceil(rate / 10)),
    maxVUs: Math.max(50, rate),
  }
}

/** Thresholds that fail the run: nothing dropped, nothing failed, and in time. */
export const optionsOf = (scenarios: Record<string, Scenario>): Options => ({
  scenarios,
  discardResponseBodies: true,
  thresholds: {
    http_req_failed: ['rate==0'],
    dropped_iterations: ['count==0'],
    checks: ['rate==1'],
    http_req_duration: [`p(99)<${p99}`],
  },
})

export function page(): void {
  const headers = { Accept: 'text/html', 'Accept-Encoding': 'gzip, deflate, br' }
  expectStatus(http.get(`${base}/learn/${slug}`, { headers, tags: { name: 'page' } }), 200)
}

export function read(): void {
  const id = courses.from + Math.floor(Math.random() * (courses.to - courses.from + 1))
  const params = { headers: { Accept: 'application/json' }, tags: { name: 'read' } }
  expectStatus(http.get(`${base}/api/courses/${id}/instructors`, params), 200)
}

export function write(): void {
  if (token === '') fail('Writes need the operator’s token: -e TOKEN=…')
  const body = {
    firstName: 'Ada',
    lastName: `K6 ${__VU} ${__ITER}`,
    title: 'Lecturer',
    organisation: 'Example University',
  }
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const params = { headers, tags: { name: 'write' } }
  expectStatus(http.post(`${base}/api/instructors`, JSON.stringify(body), params), 201)
}

function expectStatus(response: RefinedResponse<'none'>, status: number): void {
  check(response, { [`status ${status}`]: (given) => given.status === status })
}
