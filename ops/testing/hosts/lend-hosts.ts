import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Trial } from '../trial.ts'
import { HostsNotAllowed } from './host.ts'
import { Hosts, type Size } from './hosts.ts'

/**
 * Opens hosts for the tests of a file and closes them, and the trial, at its end. Where the system allows no hosts, every
 * test is reported as skipped, with the reason; hooks of the file that need hosts ask `allowed` first.
 */
export function lendHosts(trial: Trial, size: Size = {}) {
  let lent: Hosts | undefined
  let reason: string | undefined

  beforeAll(async () => {
    try {
      lent = await Hosts.open(trial, size)
    } catch (error) {
      if (!(error instanceof HostsNotAllowed)) throw error
      reason = error.message
    }
  })

  beforeEach(({ skip }) => skip(reason !== undefined, reason))

  afterAll(async () => {
    await lent?.close()
    await trial.close()
  })

  return {
    allowed: () => reason === undefined,
    hosts(): Hosts {
      if (!lent) throw new Error('There are no hosts.')
      return lent
    },
  }
}
