import type { BareAnswer } from '../bare.ts'
import { startBare } from '../children.ts'
import { capture } from '../http/capture.ts'
import { type Bench, judged, perSecond, type Scenario, told } from '../scenario.ts'
import { seedOnce } from './instructors-nocache.ts'
import { instructorsRequest } from './requests.ts'
import { describeCosts, versus } from './versus.ts'

const target = 0.7
const hot = 100

/** The same read where a hundred courses are asked for again and again, against the same answers from memory. */
export const instructorsCached: Scenario = {
  name: 'instructors-cached',
  about: 'who teaches one of a hundred much-read courses, from cache, against bare node:http',
  async run(bench: Bench) {
    const installation = await bench.installation()
    const { courses } = await seedOnce(bench)
    const range = { from: courses.from, to: courses.from + hot - 1 }
    const request = instructorsRequest({ courses: range })
    const answers = new Map<string, BareAnswer>()
    // Asked twice: what is kept is the answer that counts, should it differ in a header.
    for (const time of [1, 2]) {
      for (let id = range.from; id <= range.to; id++) {
        const path = request.path.replace('{random}', String(id))
        const answer = await capture(installation.url + path, request.headers)
        if (answer.status !== 200) throw new Error(`${path} answers ${answer.status} (${time}).`)
        answers.set(path, answer)
      }
    }
    const bare = await startBare(bench.root, bench.cleanup, { kind: 'pages', answers })
    const result = await versus(bench, request, installation, bare)
    await bare.end()
    return {
      figures: [
        judged(
          result.ratio >= target && result.failed === 0,
          `Instructors of ${hot} courses, cache on ÷ bare node:http`,
          `≥ ${target}`,
          `${result.ratio.toFixed(2)} × (${perSecond(result.ours)})`,
          perSecond(result.bare),
        ),
        told('  processor time of the server for one answer', ...describeCosts(result)),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: `Instructors of ${hot} courses from cache, per second`,
          bars: result.rounds.flatMap((round, i) => [
            { label: `Colonnade, round ${i + 1}`, value: round.ours.rate, ours: true },
            { label: `bare node:http, round ${i + 1}`, value: round.bare.rate },
          ]),
          mark: { label: `target: ${target} × bare`, value: result.bare * target },
        },
      ],
      details: result,
    }
  },
}
