import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export type RedisServer = {
  readonly url: string
  readonly port: number
  /** Sends a command and gives its first reply line: enough for FLUSHALL, CONFIG SET, DBSIZE. */
  command(...words: string[]): Promise<string>
  /** Stops it where it stands: connections stay, and nothing answers. */
  freeze(): void
  thaw(): void
  /** Kills it as a crash would. */
  kill(): Promise<void>
  /** Starts it again, on the same port, with what it had saved. */
  start(): Promise<void>
  close(): Promise<void>
}

/** A Redis on a free port of this machine; undefined when none is installed, and tests that need one are skipped. */
export async function redisServer(): Promise<RedisServer | undefined> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.warn(
      'redis-server is not installed: what needs it is skipped (apt-get install redis-server)',
    )
    return undefined
  }
  const folder = await mkdtemp(join(tmpdir(), 'colonnade-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined

  const start = async () => {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    child = spawn('redis-server', settings, { stdio: 'ignore' })
    for (let tries = 0; ; tries++) {
      try {
        await send(port, ['PING'])
        return
      } catch (error) {
        if (tries === 100) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
  const kill = async () => {
    const ended = child
    child = undefined
    if (!ended || ended.exitCode !== null) return
    const gone = once(ended, 'exit')
    ended.kill('SIGKILL')
    await gone
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    command: (...words) => send(port, words),
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    kill,
    start,
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function send(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject)
    socket.on('data', (reply) => {
      socket.destroy()
      const line = reply.toString().split('\r\n')[0] ?? ''
      if (line.startsWith('-')) reject(new Error(line.slice(1)))
      else resolve(line.slice(1))
    })
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    socket.write(`*${words.length}\r\n${parts.join('')}`)
  })
}
