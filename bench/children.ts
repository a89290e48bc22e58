import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { BarePlan } from './bare.ts'
import type { Cleanup } from './cleanup.ts'
import type { ClosedPlan, ClosedResult } from './closed-load.ts'
import type { Done, Work } from './generator.ts'
import type { Address } from './http/connection.ts'
import type { OpenPlan, OpenResult } from './open-load.ts'

function start(
  root: string,
  name: 'generator' | 'bare',
  cleanup: Cleanup,
  through: readonly string[] = [],
): ChildProcess {
  const [program = '', ...args] = [...through, process.execPath]
  const child = spawn(program, [...args, join(root, 'dist/bench', `${name}.js`)], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  cleanup.add(() => child.kill())
  return child
}

/** The next message of a child, or its end as an error. */
async function answer<Message>(child: ChildProcess, message: Work | BarePlan): Promise<Message> {
  return await new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A process of the bench ended before it answered.'))
    child.once('exit', ended)
    child.once('message', (given: Message) => {
      child.off('exit', ended)
      resolve(given)
    })
    child.send(message)
  })
}

/** A generator in a process of its own, so that it neither waits for the bench nor makes it wait. */
export class Generator {
  private readonly child: ChildProcess

  /** @param through a program that runs the command given to it, e.g. on another host */
  constructor(root: string, cleanup: Cleanup, through: readonly string[] = []) {
    this.child = start(root, 'generator', cleanup, through)
  }

  /** Runs several constant arrival rates at the same time. */
  async open(plans: OpenPlan[]): Promise<Done<OpenResult>> {
    return await answer(this.child, { open: plans })
  }

  async closed(plan: ClosedPlan): Promise<ClosedResult & { busy: number }> {
    const { results, busy } = await answer<Done<ClosedResult>>(this.child, { closed: plan })
    const [result] = results
    if (!result) throw new Error('The generator gave no result.')
    return { ...result, busy }
  }

  async end(): Promise<void> {
    await end(this.child)
  }
}

export type Bare = { address: Address; pid: number; end(): Promise<void> }

/** Starts a bare server; `end` it when its scenario is over. */
export async function startBare(root: string, cleanup: Cleanup, plan: BarePlan): Promise<Bare> {
  const child = start(root, 'bare', cleanup)
  const port = await answer<number>(child, plan)
  return { address: { host: '127.0.0.1', port }, pid: child.pid ?? 0, end: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}
