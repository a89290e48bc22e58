import { parseArgs } from 'node:util'
import type { Trust } from '@colonnade/http'
import type { ControlAnswer } from '../control.ts'
import { faultKinds } from '../faults.ts'
import { reachProcesses } from '../reach.ts'
import type { Running } from '../running.ts'
import { services } from '../services.ts'
import { SettingsError } from '../settings.ts'
import { say } from '../terminal.ts'

const flag = { type: 'boolean' } as const
const options = { dead: flag, hang: flag, slow: flag, error: flag, garbage: flag, cold: flag }

/** Puts a fault into a service of the running installation. */
export async function breakService(args: string[]): Promise<void> {
  const { values, positionals } = parse(args)
  const kinds = faultKinds.filter((kind) => values[kind])
  const [fault] = kinds
  if (positionals.length !== 1 || kinds.length !== 1 || !fault) {
    throw new SettingsError(
      `Say what to break and how: colonnade break reviews --dead (or ${faultKinds.map((kind) => `--${kind}`).join(', ')}).`,
    )
  }
  const service = known(positionals[0])
  const { running, trust } = reachProcesses()
  const cold = values.cold === true
  const answers = await tellAll(running, trust, '/break', { service, fault, cold })
  if (!answers.some((answer) => answer.services.includes(service))) {
    throw new SettingsError(
      `No process on this machine runs ${service}. Break it on the host that does.`,
    )
  }
  const url = running.find(({ proxy }) => proxy)?.url
  say(`${service} is broken now (${fault}).`)
  say(
    cold
      ? `Reload a course page${url ? ` at ${url}` : ''}: everything else stands, and one calm sentence says what is away.`
      : `Reload a course page${url ? ` at ${url}` : ''}: it stands, on its last good copies. Add --cold to forget those too.`,
  )
  say(`Mend it with: npx colonnade mend ${service}`)
}

/** Ends the fault of a service, or of all. */
export async function mendService(args: string[]): Promise<void> {
  const service = args[0] === undefined ? undefined : known(args[0])
  const { running, trust } = reachProcesses()
  await tellAll(running, trust, '/mend', { ...(service ? { service } : {}) })
  say(`${service ?? 'Everything'} works again.`)
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error))
  }
}

function known(name: string | undefined): string {
  const names = services.map((service) => service.name)
  if (name && names.includes(name)) return name
  throw new SettingsError(`There is no service named ${name ?? ''}: ${names.join(', ')}.`)
}

async function tellAll(
  running: readonly Running[],
  trust: Trust,
  path: string,
  body: object,
): Promise<ControlAnswer[]> {
  const header = await trust.header()
  return await Promise.all(
    running.map(async ({ control }) => {
      const response = await fetch(control + path, {
        method: 'POST',
        headers: { Authorization: header, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`The running process answered ${response.status}.`)
      return (await response.json()) as ControlAnswer
    }),
  )
}
