import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tellPort } from '../port.ts'
import { openDoor } from '../preview/door.ts'
import { watchTree } from '../preview/watch.ts'
import { root } from '../root.ts'
import { readSettings } from '../settings.ts'
import { say } from '../terminal.ts'
import { untilEnded } from '../until-ended.ts'

const sources = ['packages', 'services', 'proxy', 'ops']
const readyMs = 60_000

/**
 * Runs `start` behind a door. At every change of a source file it is built and started anew, and open pages load
 * again; while that takes, the old one goes on answering.
 */
export async function dev(): Promise<void> {
  const settings = readSettings()
  const door = await openDoor({
    port: settings.PORT,
    host: settings.HOST,
    waiting: 'Starting …',
  }).catch((error: unknown) => {
    throw tellPort(error, 'PORT')
  })
  let child: ChildProcess | undefined
  let closing = false

  async function restart(): Promise<void> {
    await stop(child)
    if (closing) return
    const port = await freePort()
    const started = spawn(process.execPath, [join(root, 'ops/bin/start.mjs')], {
      stdio: 'inherit',
      // A group of its own: Ctrl-C reaches it once, from us, and not twice.
      detached: true,
      env: {
        ...process.env,
        PORT: String(port),
        HOST: '127.0.0.1',
        COLONNADE_URL: settings.COLONNADE_URL ?? door.url,
      },
    })
    child = started
    const url = `http://127.0.0.1:${port}`
    const ready = await isReady(url, started)
    door.lead(ready ? url : undefined)
    door.post(
      ready
        ? undefined
        : { title: 'It does not start.', text: 'The terminal says why. Mend it and save.' },
    )
    door.reload()
  }

  async function change(): Promise<void> {
    const started = performance.now()
    const failed = await build()
    if (failed !== undefined) {
      door.post({
        title: 'The build failed; this is the site as it was before.',
        text: 'Mend it and save.',
        more: failed,
      })
      door.reload()
      return
    }
    await restart()
    say(`Built and started anew in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
  }

  let work = restart()
  let waiting = false
  const onChange = () => {
    if (waiting || closing) return
    waiting = true
    work = work
      .then(async () => {
        waiting = false
        await change()
      })
      .catch((error: unknown) => say(String(error)))
  }
  const watchers = sources.map((folder) => watchTree(join(root, folder), onChange, 150))
  const begin = async () => {
    await work
    say(`Following every change in ${sources.join(', ')}: ${door.url}`)
  }
  await untilEnded(begin, async () => {
    closing = true
    for (const watcher of watchers) watcher.close()
    await stop(child)
    await door.close()
  })
}

/** Builds if a source file changed. @returns what the bundler said when it failed */
async function build(): Promise<string | undefined> {
  const ready = pathToFileURL(join(root, 'ops/bin/ready.mjs')).href
  const script = `import { build } from ${JSON.stringify(ready)}; build()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code === 0) return undefined
  say(said)
  return said
}

async function isReady(url: string, child: ChildProcess): Promise<boolean> {
  const until = performance.now() + readyMs
  while (performance.now() < until && child.exitCode === null) {
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
