import { Histogram } from '../histogram.ts'
import { browserHeaders } from '../http/capture.ts'
import type { RequestPlan } from '../http/request.ts'
import { type Installation, token } from '../installation.ts'
import type { OpenResult } from '../open-load.ts'
import { ms } from '../scenario.ts'
import type { Seeded } from '../seed.ts'

/** What is asked, and the status that is an answer. */
export type Target = { name: string; request: RequestPlan; expect: number }

/** The three ways in which the platform is asked: a page, a read of a random course, a write. */
export function requests(
  { course }: Installation,
  data: Seeded,
  mark: string,
): { page: Target; read: Target; write: Target } {
  return {
    page: {
      name: 'course page',
      request: { method: 'GET', path: `/learn/${course.slug}`, headers: browserHeaders },
      expect: 200,
    },
    read: { name: 'GET instructors', request: instructorsRequest(data), expect: 200 },
    write: { name: 'POST instructor', request: newInstructor(mark), expect: 201 },
  }
}

export const instructorsRequest = ({ courses }: Pick<Seeded, 'courses'>) => ({
  method: 'GET' as const,
  path: '/api/courses/{random}/instructors',
  headers: { Accept: 'application/json' },
  range: courses,
})

/** @param more what else the request holds: headers, and what the instructor teaches */
export function newInstructor(
  mark: string,
  more: { headers?: Record<string, string>; teaches?: { courseId: number; role: string }[] } = {},
): RequestPlan {
  return {
    method: 'POST',
    path: '/api/instructors',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...more.headers,
    },
    body: JSON.stringify({
      firstName: 'Ada',
      lastName: `${mark} {count}`,
      academicTitle: 'Dr.',
      title: 'Lecturer',
      organisation: 'Example University',
      biography: 'Made by the bench, to see that what is acknowledged is stored.',
      ...(more.teaches ? { teaches: more.teaches } : {}),
    }),
  }
}

type Arrivals = Pick<OpenResult, 'planned' | 'answered' | 'resent'>

/** Per cent of the arrivals that got no answer. */
export const lost = ({ planned, answered }: Arrivals) => (100 * (planned - answered)) / planned

/** What was dropped of all, and what had to be sent once more because a connection had been closed meanwhile. */
export function dropped(...results: readonly Arrivals[]): string {
  const of = (what: keyof Arrivals) => results.reduce((sum, result) => sum + result[what], 0)
  const all = { planned: of('planned'), answered: of('answered'), resent: of('resent') }
  const again = all.resent > 0 ? ` (${all.resent} sent once more)` : ''
  return `${lost(all).toFixed(2)} % dropped${again}`
}

export function describe(result: OpenResult): string {
  const latency = Histogram.from(result.latency)
  const why = result.errors.length > 0 ? ` (${result.errors.join('; ')})` : ''
  return `p50 ${ms(latency.percentile(50))}, p99 ${ms(latency.percentile(99))}, ${dropped(result)}${why}`
}
