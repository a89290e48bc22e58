import closeWithGrace from 'close-with-grace'
import { say } from './terminal.ts'

/**
 * Begins something that stays, and stops it at a signal, when what is in flight is finished. A beginning that fails
 * stops what was begun by then.
 * @param reloads whether SIGUSR2 means something else than the end
 */
export async function untilEnded(
  begin: () => Promise<void>,
  stop: () => Promise<void>,
  reloads = false,
): Promise<void> {
  const skip: 'SIGUSR2'[] = reloads ? ['SIGUSR2'] : []
  const grace = closeWithGrace({ delay: 20_000, skip }, async ({ signal, err }) => {
    if (err) console.error(err)
    else say(`Stopping (${signal}): what is in flight is finished first.`)
    await stop()
  })
  try {
    await begin()
  } catch (error) {
    // It would answer the end of the process with code 0.
    grace.uninstall()
    await stop()
    throw error
  }
}
