import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import type { Host } from './host.ts'

/** A port on this machine's loopback that leads into a host's network, though the machine itself has no way in. */
export type Door = { port: number; close(): Promise<void> }

/** Takes our listening socket, which stays in our network, and connects from the host's. */
const inward = `
const { connect } = require(process.argv[2])
const [host, port] = process.argv.slice(3)
process.on('message', (_, server) => {
  server.on('connection', (near) => {
    const far = connect({ host, port: Number(port), rejectUnauthorized: false })
    for (const [from, to] of [[near, far], [far, near]]) {
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroySoon())
      from.pipe(to)
    }
  })
  process.send('open')
})
process.on('disconnect', () => process.exit())
`

/** Listens on the host's loopback and hands the socket to us; kept, it would take some of the connections itself. */
const outward = `
const server = require('node:net').createServer({ pauseOnConnect: true })
const handOver = () => process.send('open', server, () => server.close())
server.listen(Number(process.argv[2]), '127.0.0.1', handOver)
process.on('disconnect', () => process.exit())
`

/** A door through which we reach what `host` reaches. With `tls` the host's side speaks TLS, and ours does not. */
export async function openDoor(
  host: Host,
  to: { address: string; port: number; tls?: boolean },
): Promise<Door> {
  const server = createServer({ pauseOnConnect: true })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  const kind = to.tls ? 'node:tls' : 'node:net'
  const child = onHost(host, inward, [kind, to.address, String(to.port)])
  child.send('server', server)
  await once(child, 'message')
  server.close()
  return { port, close: () => end(child) }
}

/** The other way: a port on the host's loopback that leads to one of ours. */
export async function openWayOut(host: Host, port: number, ours: number): Promise<Door> {
  const child = onHost(host, outward, [String(port)])
  const [, server] = await once(child, 'message')
  server.on('connection', (near: import('node:net').Socket) => {
    const far = connect({ host: '127.0.0.1', port: ours, noDelay: true })
    near.setNoDelay(true)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => to.resetAndDestroy())
      from.on('close', () => to.destroySoon())
      from.pipe(to)
    }
  })
  return {
    port,
    async close() {
      server.close()
      await end(child)
    },
  }
}

function onHost(host: Host, script: string, args: readonly string[]): ChildProcess {
  const [program, ...words] = [...host.prefix(), process.execPath, '-e', script, 'door', ...args]
  return spawn(program ?? '', words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  if (child.connected) child.disconnect()
  await gone
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('It does not listen.')
  return address.port
}
