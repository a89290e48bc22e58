import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@colonnade/testing/free-port'

import { ms, pagesCame, percentile, within } from '../figures.ts'
import { check, type Row, Skipped, type Stage } from '../row.ts'
import { openBox, underLoad } from '../stage.ts'

/** Starts Debian's Redis with nothing kept. @throws Skipped where there is none */
async function startRedis(port: number, { cleanup, trial }: Stage): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', trial.folder]
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  cleanup.add(() => child.kill('SIGKILL'))
  const failed = new Promise<boolean>((resolve) => child.once('error', () => resolve(true)))
  for (let tries = 0; tries < 100; tries++) {
    if (await Promise.race([failed, delay(50, false)])) {
      throw new Skipped('There is no redis-server here: ops/debian.sh installs it.')
    }
    if ((await tell(port, 'PING').catch(() => '')) !== '') return child
  }
  throw new Error('Redis did not start.')
}

/** Sends one command. @returns the beginning of its answer */
async function tell(port: number, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.setTimeout(1000, () => socket.destroy(new Error('Redis does not answer.')))
    socket.once('error', reject)
    socket.once('data', (bytes) => {
      socket.destroy()
      resolve(bytes.toString())
    })
  })
}

export const redisBroken: Row = {
  number: 17,
  fault: 'Redis killed, frozen, flushed, full',
  made: 'SIGSTOP, FLUSHALL, `maxmemory` of 1 byte, SIGKILL and a new one',
  passes: 'only latency changes',
  async run(stage) {
    const port = await freePort()
    const redis = await startRedis(port, stage)
    const box = await openBox(stage, { REDIS_URL: `redis://127.0.0.1:${port}` })
    const clients = Number(/connected_clients:(\d+)/.exec(await tell(port, 'INFO clients'))?.[1])
    // The one that asks is a client too.
    if (!(clients > 1)) throw new Skipped('REDIS_URL does nothing here: nobody asks Redis.')
    const each = stage.seconds(5) * 1000
    const times: [name: string, from: number, to: number][] = []
    const { load, checks } = await underLoad(box, async (load) => {
      const during = async (name: string, act: () => unknown) => {
        const from = load.now()
        await act()
        await delay(each)
        times.push([name, from, load.now()])
      }
      await during('frozen', () => redis.kill('SIGSTOP'))
      redis.kill('SIGCONT')
      await during('flushed', () => tell(port, 'FLUSHALL'))
      await during('full', () => tell(port, 'CONFIG SET maxmemory 1'))
      await during('killed', () => redis.kill('SIGKILL'))
      await during('back, empty', () => startRedis(port, stage))
    })
    return [
      pagesCame(load),
      check(
        true,
        `page p99 ${times
          .map(([name, from, to]) => `${name}: ${ms(percentile(within(load.pages, from, to), 99))}`)
          .join(', ')}`,
      ),
      check(
        load.writes.every(({ status }) => status === 201),
        'every write was acknowledged at once',
      ),
      ...checks,
    ]
  },
}
