import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { median } from '../../scenario.ts'
import type { Order } from '../attacker.ts'
import { attacks } from '../attacks.ts'
import { ms, pagesCame, percentile, within } from '../figures.ts'
import { check, type Row } from '../row.ts'
import { openBox, page, underLoad } from '../stage.ts'

/** What the machine does beside all this must not decide: every attack comes three times, and medians are compared. */
const rounds = 3

export const hostileClients: Row = {
  number: 26,
  fault: 'slow clients, huge headers and bodies, deep JSON, hostile patterns, zip and pixel bombs',
  made: `three times each: ${attacks.map(({ name, width }) => `${width} at once: ${name}`).join('; ')}`,
  passes: 'others’ p99 < 2 × baseline',
  whole: true,
  async run(stage) {
    const box = await openBox(stage, { RATE_LIMIT_READS: 'off', RATE_LIMIT_ATTEMPTS: 'off' })
    const attacker = fork(join(import.meta.dirname, 'attacker.js'))
    stage.cleanup.add(() => attacker.kill())
    const command = (order: Order) => attacker.send({ order })
    const calm: number[] = []
    const times = new Map<string, number[]>(attacks.map(({ name }) => [name, []]))
    const { load, checks } = await underLoad(box, async (load) => {
      const p99During = async (seconds: number) => {
        const from = load.now()
        await delay(stage.seconds(seconds) * 1000)
        return percentile(within(load.pages, from, load.now()), 99)
      }
      for (let round = 0; round < rounds; round++) {
        for (const [name, p99s] of times) {
          calm.push(await p99During(3))
          command({ attack: name, target: { url: box.url, page, token: box.token } })
          p99s.push(await p99During(3))
          command(undefined)
          await delay(500)
        }
      }
    })
    const baseline = median(calm)
    return [
      pagesCame(load),
      check(baseline > 0, `baseline, before each attack: page p99 ${ms(baseline)}`),
      ...[...times].map(([name, p99s]) =>
        check(median(p99s) < 2 * baseline, `${name}: page p99 ${ms(median(p99s))}`),
      ),
      check(box.serving.alive(), 'the process lived on'),
      ...checks,
    ]
  },
}
