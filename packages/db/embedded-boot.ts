import { setTimeout as delay } from 'node:timers/promises'
import { type Guard, holdGuard, StrangerError, TakenError } from './embedded-guard.ts'
import { disownPidFile, hasLauncher, isAlive, isServerOf, readPidFile } from './embedded-process.ts'
import {
  endServer,
  freePort,
  launchServer,
  type ServerPlan,
  StartError,
} from './embedded-server.ts'

/** A server in operation, and the connection that says it is ours. */
export type Running = { pid: number; port: number; guard: Guard; adopted: boolean }

export type BootPlan = ServerPlan & {
  port: number
  /** Whether any other port does as well. */
  anyPort: boolean
  urlOf(port: number): string
  log(line: string): void
}

/** Takes over the server that already runs on these data, else starts one. */
export async function bootServer(plan: BootPlan, launched?: number): Promise<Running> {
  let { port } = plan
  for (let attempt = 0; ; attempt++) {
    const found = await adopt({ ...plan, port }, launched)
    if (found) return found
    try {
      return await hold(plan, await launchServer(plan, port), port)
    } catch (error) {
      if (!(error instanceof StartError) || error.reason === 'other' || attempt >= 50) throw error
      if (error.reason === 'port') {
        if (!plan.anyPort) throw new Error(`Port ${port} is taken: the database needs another one.`)
        port = await freePort(0, plan.host)
      }
      // Another launcher may be starting the same server, or back-ends of a killed one are still ending.
      await delay(100)
    }
  }
}

async function hold(plan: BootPlan, pid: number, port: number): Promise<Running> {
  try {
    const guard = await holdGuard(plan.urlOf(port), plan.cluster, pid, 30_000)
    return { pid, port, guard, adopted: false }
  } catch (error) {
    if (error instanceof TakenError) throw taken(plan, error.message)
    await endServer(plan, pid)
    throw error
  }
}

async function adopt(plan: BootPlan, launched?: number): Promise<Running | undefined> {
  const file = readPidFile(plan.cluster)
  if (!file) return undefined
  const { pid, port } = file
  if (!isServerOf(pid, plan.cluster)) {
    if (isAlive(pid)) disownPidFile(plan.cluster)
    return undefined
  }
  if (pid !== launched && hasLauncher(pid)) throw taken(plan, 'another launcher')
  let guard: Guard
  try {
    guard = await holdGuard(plan.urlOf(port), plan.cluster, pid, 3000)
  } catch (error) {
    if (error instanceof TakenError) throw taken(plan, error.message)
    if (error instanceof StrangerError) throw error
    if (isServerOf(pid, plan.cluster)) {
      plan.log(`The database left running (pid ${pid}) does not answer; starting it again.`)
      await endServer(plan, pid)
    }
    return undefined
  }
  const fits = plan.anyPort || port === plan.port
  if (fits && file.host === plan.host) return { pid, port, guard, adopted: pid !== launched }
  await guard.close()
  await endServer(plan, pid)
  return undefined
}

function taken({ cluster }: BootPlan, who: string): Error {
  return new Error(
    `Another Colonnade (${who}) is using the data in ${cluster}. Stop it first, or set COLONNADE_DATA ` +
      'to another folder for this one.',
  )
}
