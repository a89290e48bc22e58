import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { createTrust } from '@colonnade/http'
import { listRunning, type Running } from '../running.ts'
import { reloaded } from '../workers/reloads.ts'
import { ReleaseFailed } from './probe.ts'

/** Lets what runs take up the release that `current` points to. @throws ReleaseFailed when it does not */
export type Reload = (release: string) => Promise<void>

/** The way for a process with a supervisor of ours. @param secret signs what is said to it */
export function reloadSupervised(data: string, running: Running, secret: string): Reload {
  return async (release) => {
    const headers = { Authorization: await createTrust(secret).header() }
    const response = await fetch(`${running.control}/reload`, { method: 'POST', headers }).catch(
      () => undefined,
    )
    if (!response?.ok) throw new ReleaseFailed(`Process ${running.pid} cannot be reloaded.`)
    const { ok, why } = reloaded.parse(await response.json())
    if (!ok) throw new ReleaseFailed(`The workers of the running release stay. ${why ?? ''}`)
    const now = listRunning(data).find(({ pid }) => pid === running.pid)
    const elsewhere = now?.workers?.map(placeOf).find((place) => place && place !== release)
    if (elsewhere) {
      throw new ReleaseFailed(
        `Process ${running.pid} runs ${elsewhere} whatever current points to: start it once by current/ops/bin/colonnade.mjs.`,
      )
    }
  }
}

/** The operator's own way, such as `pm2 reload colonnade-proxy`. */
export function reloadByCommand(command: string): Reload {
  return async () => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
    const [code, signal] = await once(child, 'exit')
    if (code !== 0) throw new ReleaseFailed(`${command} ended with ${code ?? signal}.`)
  }
}

/** Where a process works, which for a worker is its release; undefined where the system does not tell. */
function placeOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}
