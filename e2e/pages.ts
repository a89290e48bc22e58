import { inject } from 'vitest'

export const baseUrl = inject('baseUrl')
/** Our own installation's settings; undefined when the pages are somebody else's. */
export const own = inject('own')

export const samples = [
  'a-page-that-outlives-its-services',
  'asking-data-questions',
  'reasoning-about-chance',
  'el-cielo-a-simple-vista',
  'teach-your-first-course',
] as const

/** The sample that the tests look at closely: it has every section. */
export const course = '/learn/reasoning-about-chance'

/** A lesson of a sample with a quiz. */
export const quizLesson = '/learn/asking-data-questions/lessons/joins'
/** A lesson with a film of its own folder. */
export const filmLesson = '/learn/a-page-that-outlives-its-services/lessons/one-page-many-hands'

/** Ids of the sections of a course page, by the service that gives them. */
export const sections = {
  courses: ['banner', 'about', 'syllabus'],
  instructors: ['instructors', 'offered-by', 'testimonials'],
  reviews: ['reviews'],
} as const

export async function fetchText(path: string): Promise<string> {
  return await (await fetch(new URL(path, baseUrl))).text()
}

/** Links of a page that lead to where `pattern` says, in order, each once. */
async function linksOf(path: string, pattern: RegExp): Promise<string[]> {
  const html = await fetchText(path)
  const links = [...html.matchAll(/<a\b[^>]*\shref="([^"#?]+)/g)].map(([, href]) => href ?? '')
  return [...new Set(links.filter((href) => pattern.test(href)))]
}

export const lessonsOf = (slug: string) =>
  linksOf(`/learn/${slug}`, new RegExp(`^/learn/${slug}/lessons/`))

async function lessonWith(slug: string, mark: string): Promise<string> {
  for (const path of await lessonsOf(slug)) {
    if ((await fetchText(path)).includes(mark)) return path
  }
  throw new Error(`No lesson of ${slug} holds ${mark}`)
}

const at = (path: string) => async () => path

/** Every kind of page there is, and how to find one of it. */
export const pages: Record<string, () => Promise<string>> = {
  home: at('/'),
  'home in Spanish': at('/es'),
  catalogue: at('/courses'),
  'catalogue with filters': at('/courses?level=beginner&language=en'),
  'search without result': at('/courses?q=xylophone-quasar-zzz'),
  ...Object.fromEntries(samples.map((slug) => [slug, at(`/learn/${slug}`)])),
  'a course in Spanish': at('/es/learn/el-cielo-a-simple-vista'),
  'lesson with mathematics': () => lessonWith('reasoning-about-chance', '<math'),
  'lesson with code': () => lessonWith('asking-data-questions', 'class="ln-code"'),
  'lesson with a quiz': at(quizLesson),
  'lesson with a film': at(filmLesson),
  'quiz with marks': at(`${quizLesson}/quizzes/check?seed=1&answers=none`),
  instructor: async () => {
    const [first] = await linksOf(course, /^\/instructors\//)
    if (!first) throw new Error('The course page links to no instructor.')
    return first
  },
  enrolling: at('/enrol/reasoning-about-chance'),
  'sign in': at('/sign-in'),
  'sign up in Spanish': at('/es/sign-up'),
  'a forgotten password': at('/forgot'),
  'not found': at('/no/such/page'),
  kit: at('/kit'),
  'api docs': at('/api/docs'),
}
