import { setTimeout as delay } from 'node:timers/promises'
import { type Fault, faultServer } from '@colonnade/testing/fault-server'
import { ms, pagesCame, percentile } from '../figures.ts'
import { check, type Row } from '../row.ts'
import { openParts, underLoad } from '../stage.ts'
import { keepsSection } from './crashes.ts'

const ways: readonly Fault[] = ['error', 'garbage', 'half', 'cut', 'endless', 'slow']

export const badAnswers: Row = {
  number: 4,
  fault: 'a service answers 500, garbage, half a body, an endless body',
  made: 'a fault server in place of `instructors`, one way after the other; then the fault proxy spoils, truncates and resets its answers',
  passes: 'section falls back; no 5xx page',
  async run(stage) {
    const parts = await openParts(stage)
    const liar = await faultServer('error')
    stage.cleanup.add(() => liar.close())
    const { load, checks } = await underLoad(
      parts,
      async () => {
        const each = stage.seconds(3) * 1000
        for (const way of ways) {
          await liar.set(way)
          parts.service.lead(liar.url)
          await delay(each)
        }
        parts.service.lead(parts.behind)
        for (const down of [{ garbage: 0.01 }, { truncate: 500 }, { reset: 500 }, { reset: 0 }]) {
          await parts.service.set({ down })
          await delay(each)
        }
        await parts.service.set({})
      },
      { spoiled: true },
    )
    return [
      pagesCame(load),
      await keepsSection(parts),
      check(true, `page p99 ${ms(percentile(load.pages, 99))}`),
      ...checks,
    ]
  },
}
