import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { reloaded } from './workers/reloads.ts'

/** What a running process tells about itself in a file under COLONNADE_DATA, for commands on the same machine. */
const schema = z.object({
  pid: z.number(),
  /** Where people reach it. */
  url: z.string(),
  /** Where commands reach it, on loopback. */
  control: z.string(),
  services: z.array(z.string()),
  proxy: z.boolean(),
  database: z.string().optional(),
  startedAt: z.string(),
  /** The processes that it supervises, when requests are taken by several. */
  workers: z.array(z.number()).optional(),
  /** How they were replaced last. */
  lastReload: reloaded.optional(),
})

export type Running = z.infer<typeof schema>

const folderIn = (data: string) => join(data, 'run')

/** Writes this process's file, or writes it anew. @returns what removes it again */
export function announce(data: string, running: Running): () => void {
  const file = join(folderIn(data), `${running.pid}.json`)
  mkdirSync(folderIn(data), { recursive: true })
  // Readers remove what they cannot read, so they must never find half of it.
  writeFileSync(`${file}.new`, JSON.stringify(running), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return () => rmSync(file, { force: true })
}

/** The processes that run on this data folder; files of dead ones are removed. */
export function listRunning(data: string): Running[] {
  let names: string[] = []
  try {
    names = readdirSync(folderIn(data))
  } catch {
    return []
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = join(folderIn(data), name)
      try {
        const running = schema.parse(JSON.parse(readFileSync(file, 'utf8')))
        if (isAlive(running.pid)) return [running]
      } catch {
        // Not one of ours, or half written by a process that died: of no use to anybody.
      }
      rmSync(file, { force: true })
      return []
    })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
