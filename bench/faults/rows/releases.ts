import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { makeRelease, mutations } from '../../../ops/testing/release.ts'
import { pagesCame, statuses } from '../figures.ts'
import { type Check, check, type Row } from '../row.ts'
import { openBox, underLoad } from '../stage.ts'

export const badDeploy: Row = {
  number: 22,
  fault: 'bad deploy: dies at boot, never ready, 500s, 10 × slower',
  made: '`colonnade upgrade` to copies of the running release with a few lines put before them; then one that dies only when it is taken up, and a good one',
  passes: 'rolled back by itself, 0 failed',
  async run(stage) {
    const base = stage.trial.data('site')
    const current = join(base, 'current')
    const release = (name: string) => join(base, 'releases', name.replaceAll(' ', '-'))
    mkdirSync(join(base, 'releases'))
    makeRelease(release('first'))
    symlinkSync('releases/first', current)
    const from = { checkout: current }
    const settings = { READY_SECONDS: '8' }
    const box = await openBox(stage, settings, { args: ['start', '--supervised'], from })
    const deploy = async (to: string) => {
      const args = ['upgrade', '--no-backup', '--watch', '3', to]
      const child = stage.trial.spawn(args, box.serving.settings, from)
      return { code: await child.ended, said: child.output() }
    }
    const outcome: Check[] = []
    const refused = async (name: string, to: string) => {
      const { code, said } = await deploy(to)
      const why = /(?:refused|taken back), .* (?:runs on|runs again)\. ([^\n]*)/.exec(said)?.[1]
      const stays = code === 1 && readlinkSync(current) === 'releases/first'
      outcome.push(check(stays && why !== undefined, `${name}: ${why ?? 'went live'}`))
    }
    const { load, checks } = await underLoad(
      box,
      async () => {
        for (const [name, mutation] of Object.entries(mutations)) {
          await refused(name, makeRelease(release(name), { mutation }))
        }
        const half = makeRelease(release('half'), { mutation: mutations.dies, onlyWorker: true })
        await refused('dies when taken up', half)
        const { code } = await deploy(makeRelease(release('good')))
        const live = code === 0 && readlinkSync(current) === 'releases/good'
        outcome.push(check(live, live ? 'the good one went live' : 'the good one did not go live'))
      },
      { rate: 60 },
    )
    const failed = load.writes.filter(({ status }) => status !== 201)
    return [
      pagesCame(load),
      check(
        failed.length === 0,
        `${failed.length} of ${load.writes.length} writes failed${failed.length > 0 ? ` (${statuses(failed)})` : ''}`,
      ),
      ...outcome,
      ...checks,
    ]
  },
}
