import { reachProcesses } from '../reach.ts'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'
import { reloaded } from '../workers/reloads.ts'

/**
 * Replaces the workers of every supervised process on this machine's data, and waits until that is done. Ends with 1
 * when the new ones did not start; the old ones then go on.
 */
export async function reload(): Promise<void> {
  const { running, trust } = reachProcesses()
  const supervised = running.filter(({ workers }) => workers)
  if (supervised.length === 0) {
    throw new SettingsError(
      'What runs here has no supervisor: start it with --supervised, or restart it.',
    )
  }
  for (const { pid, control } of supervised) {
    const headers = { Authorization: await trust.header() }
    const response = await fetch(`${control}/reload`, { method: 'POST', headers })
    if (!response.ok) throw new Error(`${control}/reload: ${response.status}`)
    const { ok, why } = reloaded.parse(await response.json())
    say(
      ok ? `Process ${pid} has new workers.` : `Process ${pid} keeps its old workers. ${why ?? ''}`,
    )
    if (!ok) process.exitCode = 1
  }
}
