import { afterAll, expect, test } from 'vitest'
import { lendHosts } from '../../ops/testing/hosts/lend-hosts.ts'
import { Trial } from '../../ops/testing/trial.ts'
import { Cleanup } from '../cleanup.ts'
import { type Across, settle } from './across.ts'
import { Skipped, type Stage } from './row.ts'
import {
  connectionsReset,
  databaseCutOff,
  lineNarrow,
  lineSlow,
  nginxReloaded,
  packetsLost,
} from './rows/network.ts'

const trial = new Trial()
const { hosts } = lendHosts(trial)
const rows = [packetsLost, connectionsReset, lineNarrow, databaseCutOff, lineSlow, nginxReloaded]
const whole = new Cleanup()
let across: Across | undefined

afterAll(() => whole.run())

/** The rows' quick forms, one after the other on the same hosts; how fast they are is for `npm run faults`. */
test.for(rows)('fault $number: $fault', { timeout: 240_000 }, async (row, { skip }) => {
  const cleanup = new Cleanup()
  const seconds = (full: number) => Math.max(1, full / 4)
  const stage: Stage = { trial, cleanup, quick: true, say: () => {}, seconds }
  try {
    across ??= await settle({ trial, cleanup: whole }, hosts())
    const checks = await row.amid(across, stage)
    expect(checks.filter(({ holds, timed }) => !holds && !timed)).toEqual([])
  } catch (error) {
    if (!(error instanceof Skipped)) throw error
    skip(error.message)
  } finally {
    await cleanup.run()
  }
})
