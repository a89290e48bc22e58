import closeWithGrace from 'close-with-grace'
import { say } from './terminal.ts'

/** How long clients are told to go elsewhere before their connections close: a kept one is seldom idle for longer. */
export const drainMs = 1500

/** Where workers are supervised, these replace them. */
export const reloadSignals = ['SIGHUP', 'SIGUSR2'] as const

/**
 * Begins something that stays, and stops it at a signal, when what is in flight is finished. A beginning that fails
 * stops what was begun by then.
 * @param reloads whether some signals mean something else than the end
 */
export async function untilEnded(
  begin: () => Promise<void>,
  stop: () => Promise<void>,
  reloads = false,
): Promise<void> {
  const skip = reloads ? reloadSignals : []
  const grace = closeWithGrace({ delay: 20_000, skip: [...skip] }, async ({ signal, err }) => {
    if (err) console.error(err)
    else say(`Stopping (${signal}): what is in flight is finished first.`)
    await stop()
  })
  try {
    await begin()
    // Whoever forked us may wait for it: pm2's wait_ready.
    process.send?.('ready')
  } catch (error) {
    // It would answer the end of the process with code 0.
    grace.uninstall()
    await stop()
    throw error
  }
}
