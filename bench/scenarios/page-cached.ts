import type { Bench, Scenario } from '../scenario.ts'
import { compareCachedPage } from './cached-page.ts'

/** The course page from cache, as fast as it goes. */
export const pageCached: Scenario = {
  name: 'page-cached',
  about: 'course page from cache, against bare node:http with the same answer',
  async run(bench: Bench) {
    const { course } = await bench.installation()
    return await compareCachedPage(bench, {
      path: `/learn/${course.slug}`,
      what: 'Course page',
      target: 0.9,
    })
  },
}
