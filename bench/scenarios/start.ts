import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDataFolder, startInstallation } from '../installation.ts'
import { type Bench, judged, median, type Scenario } from '../scenario.ts'

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`
const npmStart: [string, ...string[]] = ['npm', 'start']

/** From `npm start` to a whole course page: with data that are there, and for the very first time. */
export const start: Scenario = {
  name: 'start',
  about: 'npm start to a served course page: warm, and for the first time after installing',
  async run(bench: Bench) {
    const { root, cleanup } = bench
    const before = await bench.installation()
    await bench.stopInstallation()
    const warm: number[] = []
    for (let i = 0; i < (bench.quick ? 1 : 3); i++) {
      const again = await startInstallation({ root, cleanup, data: before.data, command: npmStart })
      warm.push(again.servedAfterMs)
      await again.stop()
    }
    const checkout = join(root, 'bench/results', `checkout-${process.pid}`)
    cleanup.add(() => rmSync(checkout, { recursive: true, force: true }))
    copyCheckout(root, checkout)
    const data = makeDataFolder(cleanup)
    const first = await startInstallation({ root: checkout, cleanup, data, command: npmStart })
    await first.stop()
    rmSync(checkout, { recursive: true, force: true })
    return {
      figures: [
        judged(
          median(warm) < 3000,
          'Warm npm start to a served page',
          '< 3 s',
          seconds(median(warm)),
        ),
        judged(
          first.servedAfterMs < 30_000,
          'First npm start to a served page: build, database, sample courses',
          '< 30 s',
          seconds(first.servedAfterMs),
        ),
      ],
      plots: [
        {
          kind: 'bars' as const,
          title: 'npm start to a served course page, seconds',
          bars: [
            ...warm.map((time, i) => ({ label: `warm, ${i + 1}`, value: time / 1000, ours: true })),
            { label: 'the very first', value: first.servedAfterMs / 1000, ours: true },
          ],
        },
      ],
      details: { warm, first: first.servedAfterMs },
    }
  },
}

/** A checkout as it is after `npm ci`: sources copied, packages linked, nothing built. */
function copyCheckout(root: string, to: string): void {
  const list = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  for (const file of list.split('\0')) {
    const source = join(root, file)
    if (file === '' || !existsSync(source)) continue
    mkdirSync(dirname(join(to, file)), { recursive: true })
    copyFileSync(source, join(to, file))
  }
  linkTree(join(root, 'node_modules'), join(to, 'node_modules'))
  for (const group of ['packages', 'services', '.']) {
    for (const name of readdirSync(join(root, group))) {
      const nested = join(group, name, 'node_modules')
      if (name !== 'node_modules' && existsSync(join(root, nested)))
        linkTree(join(root, nested), join(to, nested))
    }
  }
}

/** The same tree with hard links, which takes a second where copying takes a minute. */
function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    // What tools keep beside the packages would make the first time a second one.
    if (name === '.cache' || name.startsWith('.vite')) continue
    const source = join(from, name)
    const stat = lstatSync(source)
    if (stat.isDirectory()) linkTree(source, join(to, name))
    else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), join(to, name))
    else linkSync(source, join(to, name))
  }
}
