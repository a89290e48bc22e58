import { Agent, get, type IncomingMessage } from 'node:http'
import { listRunning } from '../running.ts'
import { isAlive, type Serving } from './trial.ts'

export type Answer = { status: number; body: string }

/** Asks once, on a connection of its own unless told otherwise. Fails when the connection ends before the answer does. */
export function ask(
  url: string,
  agent: Agent | false = false,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers, timeout: 20_000 }, (response: IncomingMessage) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer at all')))
    request.on('error', reject)
  })
}

/** As a browser or a proxy would: what died unanswered is asked once more, on a connection of its own. */
async function askTwice(url: string, agent: Agent | false = false): Promise<Answer> {
  return await ask(url, agent).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET') throw error
    return ask(url)
  })
}

/** Asks so many times, each on a fresh connection, so that every worker has its turn. */
export async function askAround(url: string, times = 8): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let i = 0; i < times; i++) answers.push(await ask(url))
  return answers
}

/** The workers that an installation announces now. */
export function workersOf({ settings }: Serving): number[] {
  return listRunning(settings.COLONNADE_DATA ?? '')[0]?.workers ?? []
}

/** Asks on and on, over kept connections and fresh ones, until told to stop. @returns how many answers had each status */
export function keepAsking(url: string): { stop(): Promise<Record<string, number>> } {
  const seen: Record<string, number> = {}
  const note = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  let stopped = false
  const askers = Array.from({ length: 8 }, async (_, i) => {
    while (!stopped) {
      await askTwice(url, i % 2 === 0 ? agent : false).then(
        ({ status }) => note(String(status)),
        (error: Error) => note(error.message),
      )
    }
  })
  return {
    async stop() {
      stopped = true
      await Promise.all(askers)
      agent.destroy()
      return seen
    },
  }
}

export const living = (pids: readonly number[]) => pids.filter(isAlive)
