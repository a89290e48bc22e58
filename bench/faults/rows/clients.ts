import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Order } from '../attacker.ts'
import { attacks } from '../attacks.ts'
import { ms, pagesCame, percentile, within } from '../figures.ts'
import type { Sample } from '../load.ts'
import { check, type Row } from '../row.ts'
import { openBox, page, underLoad } from '../stage.ts'

export const hostileClients: Row = {
  number: 26,
  fault: 'slow clients, huge headers and bodies, deep JSON, hostile patterns, zip and pixel bombs',
  made: attacks.map(({ name, width }) => `${width} at once: ${name}`).join('; '),
  passes: 'others’ p99 < 2 × baseline',
  whole: true,
  async run(stage) {
    const box = await openBox(stage, { RATE_LIMIT_READS: 'off', RATE_LIMIT_ATTEMPTS: 'off' })
    const attacker = fork(join(import.meta.dirname, 'attacker.js'))
    stage.cleanup.add(() => attacker.kill())
    const command = (order: Order) => attacker.send({ order })
    const calm: Sample[] = []
    const times: [name: string, p99: number][] = []
    const { load, checks } = await underLoad(box, async (load) => {
      const during = async (seconds: number) => {
        const from = load.now()
        await delay(stage.seconds(seconds) * 1000)
        return within(load.pages, from, load.now())
      }
      for (const { name } of attacks) {
        // Before each attack, so that what the machine does meanwhile is in both.
        calm.push(...(await during(2)))
        command({ attack: name, target: { url: box.url, page, token: box.token } })
        times.push([name, percentile(await during(4), 99)])
        command(undefined)
        await delay(500)
      }
    })
    const baseline = percentile(calm, 99)
    return [
      pagesCame(load),
      check(baseline > 0, `baseline, between the attacks: page p99 ${ms(baseline)}`),
      ...times.map(([name, p99]) => check(p99 < 2 * baseline, `${name}: page p99 ${ms(p99)}`)),
      check(box.serving.alive(), 'the process lived on'),
      ...checks,
    ]
  },
}
