import { BackupError } from './manifest.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does work that clears up after itself when it fails, and lets it fail when the process is told to end: `signal` is
 * aborted then. Told again, the process ends at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController()
  const end = (name: string) => {
    forget()
    interrupt.abort(new BackupError(`Stopped (${name}).`))
  }
  const forget = () => {
    for (const name of signals) process.off(name, end)
  }
  for (const name of signals) process.on(name, end)
  try {
    return await work(interrupt.signal)
  } catch (error) {
    // What else broke while it was given up does not matter.
    throw interrupt.signal.aborted ? interrupt.signal.reason : error
  } finally {
    forget()
  }
}
