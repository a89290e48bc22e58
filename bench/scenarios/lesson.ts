import { Histogram } from '../histogram.ts'
import { browserHeaders } from '../http/capture.ts'
import type { Installation } from '../installation.ts'
import { learnCourse, seedLearners } from '../learners/seed.ts'
import { type Bench, judged, ms, type Scenario, told } from '../scenario.ts'
import { compareCachedPage } from './cached-page.ts'
import { measureSide } from './versus.ts'

/** Microseconds. */
const ownTarget = 15_000

/** A lesson as a learner opens it: the page, the same for everyone, and their own part of it, made for each. */
export const lesson: Scenario = {
  name: 'lesson',
  about: 'a lesson page from cache, against bare node:http; and the learner’s own part beside it',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const page = await compareCachedPage(bench, {
      path: await firstLesson(installation),
      what: 'Lesson page',
      target: 0.5,
    })
    const learners = await seedLearners(installation, { learners: 200, questions: 20 })
    const request = {
      method: 'GET' as const,
      path: `/my/here?course=${learnCourse}&lesson=l&lang=en`,
      headers: { ...browserHeaders, Cookie: '{0}', 'Sec-Fetch-Site': 'same-origin' },
      rows: learners.map(({ cookie }) => [cookie]),
    }
    // One at a time: the time of each is the server's, not that of a queue.
    const plan = { request, connections: 1, warmUp: 3, seconds: bench.quick ? 3 : 10 }
    const run = await measureSide(bench, installation, plan)
    const latency = Histogram.from(run.latency)
    const p99 = latency.percentile(99)
    const what = 'A learner’s own part of a lesson page, one after the other, through the door'
    return {
      ...page,
      figures: [
        ...page.figures,
        judged(
          p99 < ownTarget && run.failed === 0 && run.answered > 0,
          what,
          'p99 < 15 ms',
          `p50 ${ms(latency.percentile(50))}, p99 ${ms(p99)}; ${run.failed} failed of ${run.answered}`,
        ),
        told('  processor time of the server for one', `${run.cost?.toFixed(0)} µs`),
      ],
      details: { page: page.details, own: run },
    }
  },
}

async function firstLesson({ url, course }: Installation): Promise<string> {
  const page = await (await fetch(`${url}/learn/${course.slug}`)).text()
  const path = /href="(\/learn\/[^"]+\/lessons\/[^"#]+)"/.exec(page)?.[1]
  if (!path) throw new Error('The course page leads to no lesson.')
  return path
}
