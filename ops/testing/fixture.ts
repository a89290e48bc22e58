import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createTrust } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { type Fault, faultServer } from '@colonnade/testing/fault-server'
import { freePort } from '@colonnade/testing/free-port'
import { listRunning } from '../running.ts'
import { eventually, type Settings } from './colonnade.ts'
import { owners, type SectionOwner, slug } from './course-page.ts'
import { type HalfWay, halfWayServer } from './half-way.ts'
import { writeSmallCourse } from './small-course.ts'
import type { Serving, Trial } from './trial.ts'

/** A database of this file's own in which one course is installed. */
export async function installedDatabase(trial: Trial): Promise<string> {
  const { url } = await testDatabase('one small course', async (fresh) => {
    await trial.run(['import', writeSmallCourse(join(trial.data('import'), 'course'))], {
      ...trial.settings('import'),
      DATABASE_URL: fresh,
    })
  })
  return url
}

/** Services without a section on the course page. */
const others = ['media', 'accounts', 'learning'] as const
type Other = (typeof others)[number]
const isOther = (name: SectionOwner | Other): name is Other => others.some((one) => one === name)

/** An installation in parts: a proxy, services elsewhere, and between them doors that can be broken. */
export type Parts = {
  proxy: Serving
  /** Breaks or mends the way to a service. */
  suffer(service: SectionOwner, fault: Fault | HalfWay): Promise<void>
  /** The process of a service; the same one for all unless they were split. */
  services: Record<SectionOwner, Serving>
  courseId: number
  /** Drops all that the proxy keeps of a service, on disk too. */
  forget(service: SectionOwner): Promise<void>
  /** Ends the freshness of everything on the course page, as writes would. */
  change(): Promise<void>
  /** How many answers of fragments the proxy has missed so far. */
  failures(): Promise<number>
  /** How many last good copies lie on the proxy's disk; they are written behind the answer. */
  copies(): number
  /** Whether the proxy's disk knows the course by its slug. */
  knowsCourse(): boolean
  /** Kills the proxy and starts it again: `cold` without its last good copies, `but` with other settings. */
  restartProxy(options?: { cold?: boolean; but?: Settings }): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the parts on a database; `split` gives every service a process of its own, `shared` are settings that all of
 * them have.
 */
export async function openParts(
  trial: Trial,
  databaseUrl: string,
  { split = false, shared = {} }: { split?: boolean; shared?: Settings } = {},
): Promise<Parts> {
  const ports = {
    proxy: await freePort(),
    courses: await freePort(),
    instructors: await freePort(),
    reviews: await freePort(),
    others: await freePort(),
  }
  if (!split) ports.instructors = ports.reviews = ports.others = ports.courses
  const at = (name: keyof typeof ports) => `http://127.0.0.1:${ports[name]}`
  const common: Settings = { ...shared, DATABASE_URL: databaseUrl, PROXY_URL: at('proxy') }
  const portOf = (name: SectionOwner | Other) => (isOther(name) ? ports.others : ports[name])
  const peers = {
    COURSES_URL: at('courses'),
    INSTRUCTORS_URL: at('instructors'),
    REVIEWS_URL: at('reviews'),
    MEDIA_URL: at('others'),
    ACCOUNTS_URL: at('others'),
    LEARNING_URL: at('others'),
  }
  const serve = (names: readonly (SectionOwner | Other)[], data: string) => {
    const settings = trial.settings(data, {
      ...common,
      ...peers,
      PORT: String(portOf(names[0] ?? 'courses')),
    })
    return trial.serve(['serve', ...names], settings)
  }
  const all = split ? undefined : await serve([...owners, ...others], 'services')
  const services = {
    courses: all ?? (await serve(['courses'], 'courses')),
    instructors: all ?? (await serve(['instructors'], 'instructors')),
    reviews: all ?? (await serve(['reviews'], 'reviews')),
  }
  if (split) await serve(others, 'others')
  const later = {
    courses: await halfWayServer({ port: ports.courses }),
    instructors: await halfWayServer({ port: ports.instructors }),
    reviews: await halfWayServer({ port: ports.reviews }),
  }
  const before = (name: SectionOwner) => faultServer('pass', `127.0.0.1:${later[name].port}`)
  const doors = {
    courses: await before('courses'),
    instructors: await before('instructors'),
    reviews: await before('reviews'),
  }
  const proxySettings = trial.settings('proxy', {
    ...shared,
    PORT: String(ports.proxy),
    COURSES_URL: doors.courses.url,
    INSTRUCTORS_URL: doors.instructors.url,
    REVIEWS_URL: doors.reviews.url,
    MEDIA_URL: at('others'),
    ACCOUNTS_URL: at('others'),
    LEARNING_URL: at('others'),
  })
  const proxy = await trial.serve(['serve', 'proxy'], proxySettings)
  const trust = createTrust(trial.secret)
  const courseId = await findCourse(proxy.url)
  const copies = join(trial.data('proxy'), 'proxy', 'copies')
  const routes = join(trial.data('proxy'), 'proxy', 'routes.jsonl')

  const post = async (url: string, body: unknown) => {
    const headers = { Authorization: await trust.header(), 'Content-Type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${url}: ${response.status}`)
  }
  const parts: Parts = {
    proxy,
    services,
    courseId,
    async suffer(service, fault) {
      const isLater =
        fault === 'stalls' || fault === 'breaks' || fault === 'swells' || fault === 'lies'
      later[service].set(isLater ? fault : 'pass')
      await doors[service].set(isLater ? 'pass' : fault)
    },
    async forget(service) {
      const control = listRunning(trial.data('proxy'))[0]?.control
      if (!control) throw new Error('The proxy has not said where it is.')
      await post(`${control}/break`, { service, fault: 'dead', cold: true })
    },
    async change() {
      const tags = [`course:${courseId}`, `teachers-of:${courseId}`, `reviews-of:${courseId}`]
      const events = tags.map((subject, i) => ({
        id: crypto.randomUUID(),
        type: 'tested.changed',
        version: 1,
        subject,
        subjectVersion: i,
        occurredAt: new Date().toISOString(),
        data: {},
      }))
      await post(`${parts.proxy.url}/internal/events`, { events })
    },
    async failures() {
      const headers = { Authorization: `Bearer ${trial.token}` }
      const text = await (await fetch(`${parts.proxy.url}/metrics`, { headers })).text()
      const lines = [...text.matchAll(/^colonnade_fragment_failures_total\S* (\d+)/gm)]
      return lines.reduce((sum, [, count]) => sum + Number(count), 0)
    },
    copies() {
      const names = readdirSync(copies, { recursive: true, encoding: 'utf8' })
      return names.filter((name) => name.endsWith('.json')).length
    },
    knowsCourse: () => readFileSync(routes, 'utf8').includes(`"${slug}"`),
    async restartProxy({ cold = false, but = {} } = {}) {
      await parts.proxy.end('SIGKILL')
      if (cold) rmSync(copies, { recursive: true, force: true })
      parts.proxy = await trial.serve(['serve', 'proxy'], { ...proxySettings, ...but })
    },
    async close() {
      for (const door of Object.values(doors)) await door.close()
      for (const door of Object.values(later)) door.close()
    },
  }
  return parts
}

/** The id of the small course. A process that has just begun may be too late for reads, and say so. */
export async function findCourse(url: string): Promise<number> {
  return await eventually(async () => {
    const answer = await fetch(`${url}/api/courses?limit=100`)
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
    const { items } = await answer.json()
    return Number(items.find((course: { slug: string }) => course.slug === slug).id)
  })
}
