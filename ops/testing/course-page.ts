import { services } from '../services.ts'

/** The course that tests look at, as `writeSmallCourse` writes it. */
export const slug = 'a-small-course'

/** Ids of the sections of a course page, by the service that gives them. */
export const sectionsOf = {
  courses: ['banner', 'about', 'syllabus'],
  instructors: ['instructors', 'offered-by', 'testimonials'],
  reviews: ['reviews'],
} as const

export type SectionOwner = keyof typeof sectionsOf
export const owners = ['courses', 'instructors', 'reviews'] as const
export const everySection: readonly string[] = owners.flatMap((name) => sectionsOf[name])

const onCoursePage = services.flatMap(({ sections = [], fragments }) =>
  sections.filter(({ page }) => page === 'course').map((one) => fragments[one.fragment]),
)
/** How many sections the page is made of, with those of services that tests do not break. */
export const sectionsInAll = onCoursePage.length

/** What the page may take whatever is down: its largest time budget, and 100 ms. */
export const pageBudget = 100 + Math.max(...onCoursePage.map((fragment) => fragment?.budget ?? 0))

export type Seen = {
  status: number
  html: string
  /** Milliseconds until its last byte was here. */
  ms: number
  sections: string[]
  /** How many places say that something is away. */
  away: number
}

/** Reads a page as a browser would. */
export async function look(url: string, path = `/learn/${slug}`): Promise<Seen> {
  const started = performance.now()
  const response = await fetch(url + path, { signal: AbortSignal.timeout(20_000) })
  const html = await response.text()
  const ms = performance.now() - started
  return {
    status: response.status,
    html,
    ms,
    sections: everySection.filter((id) => html.includes(`<section id="${id}"`)),
    away: html.split(' away for now.').length - 1,
  }
}
