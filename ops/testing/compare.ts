import { services } from '../services.ts'
import { owners, type SectionOwner } from './course-page.ts'
import type { Parts } from './fixture.ts'

/** An answer without what differs from one request to the next. */
export async function steady(url: string): Promise<{ headers: [string, string][]; body: string }> {
  const response = await fetch(url, { redirect: 'manual' })
  const body = await response.text()
  const passing = ['date', 'x-request-id', 'connection', 'keep-alive']
  const headers = [...response.headers].filter(([name]) => !passing.includes(name))
  return { headers: [[':status', String(response.status)], ...headers], body }
}

export type CourseFragment = { service: SectionOwner; name: string; html: string }

/** Every section of the course page that tests break, as the service that owns it answers it. */
export async function courseFragments(parts: Parts): Promise<CourseFragment[]> {
  const placed = owners.flatMap((service) =>
    (services.find(({ name }) => name === service)?.sections ?? [])
      .filter(({ page }) => page === 'course')
      .map(({ fragment }) => ({ service, name: fragment })),
  )
  return await Promise.all(
    placed.map(async ({ service, name }) => {
      const path = `/fragments/${service}/${name}?course=${parts.courseId}&lang=en`
      const response = await fetch(parts.services[service].url + path)
      if (response.status !== 200) throw new Error(`${path}: ${response.status}`)
      return { service, name, html: await response.text() }
    }),
  )
}
