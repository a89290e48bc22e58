import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { Flow, type FlowFaults } from './fault-flow.ts'

/** What goes wrong between a client and what it talks to; empty: nothing. */
export type ProxyFaults = {
  /** From the client to the upstream. */
  up?: FlowFaults
  /** From the upstream to the client. */
  down?: FlowFaults
  /** Nobody listens, and what was connected is broken off. */
  refuse?: boolean
}

export type FaultProxy = {
  /** http://127.0.0.1:port; the same whatever is wrong. */
  readonly url: string
  readonly port: number
  /** Connections taken so far. */
  readonly connections: number
  /** Replaces all faults, for open connections too. */
  set(faults: ProxyFaults): Promise<void>
  /** Leads new connections to another upstream, and ends the open ones. */
  lead(upstream: string): void
  /** Leaves every open connection as one whose other side vanished: silent for ever. New ones are not touched. */
  strand(): void
  /** Ends every open connection, with a reset where `reset`. */
  drop(reset?: boolean): void
  close(): Promise<void>
}

export type FaultProxyOptions = {
  /** The same seed spoils and delays the same way for the same bytes. */
  seed?: number
  /** Sees every piece before anything happens to it, so that a fault can be set at an exact moment. */
  saw?(direction: 'up' | 'down', bytes: Buffer): void
  /** Takes a connection in place of the upstream; false leaves it. */
  instead?(socket: Socket): boolean
}

/**
 * Stands in front of any TCP server (HTTP, Postgres, Redis) and makes the network between as bad as told, while it
 * runs. `upstream` is host:port or a URL; without one, connections that are not taken `instead` are ended.
 */
export async function faultProxy(
  upstream: string | undefined,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const { seed = 1, saw = () => {}, instead = () => false } = options
  let target = upstream === undefined ? undefined : parseTarget(upstream)
  const random = randomNumbers(seed)
  const sockets = new Set<Socket>()
  const flows = new Set<Flow>()
  let faults: ProxyFaults = {}
  let connections = 0
  let port = 0
  let server: Server | undefined

  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }

  const take = (client: Socket) => {
    connections += 1
    keep(client)
    if (instead(client)) return
    if (!target) {
      client.destroy()
      return
    }
    const onward = connect({ ...target, allowHalfOpen: true, noDelay: true })
    keep(onward)
    const pair = [
      new Flow(
        client,
        onward,
        () => faults.up ?? {},
        random,
        (bytes) => saw('up', bytes),
      ),
      new Flow(
        onward,
        client,
        () => faults.down ?? {},
        random,
        (bytes) => saw('down', bytes),
      ),
    ]
    for (const flow of pair) flows.add(flow)
    client.on('close', () => onward.destroy())
    onward.on('close', (failed) => {
      for (const flow of pair) flows.delete(flow)
      // What ended in order may still have bytes on their way.
      if (failed) client.resetAndDestroy()
      else client.destroySoon()
    })
  }

  const listen = async () => {
    server = createServer({ allowHalfOpen: true, noDelay: true }, take).listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (typeof address === 'object' && address) port = address.port
  }

  const drop = (reset = false) => {
    for (const socket of sockets) {
      if (reset) socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  const shut = async () => {
    const closed = server && once(server, 'close')
    server?.close()
    server = undefined
    drop()
    await closed
  }

  await listen()
  return {
    get url() {
      return `http://127.0.0.1:${port}`
    },
    get port() {
      return port
    },
    get connections() {
      return connections
    },
    async set(next) {
      faults = next
      if (next.refuse) return shut()
      for (const flow of flows) flow.changed()
      if (!server) await listen()
    },
    lead(next) {
      target = parseTarget(next)
      drop()
    },
    strand() {
      for (const flow of flows) flow.strand()
    },
    drop,
    close: shut,
  }
}

function parseTarget(upstream: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(
    upstream.includes('://') ? upstream : `tcp://${upstream}`,
  )
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
}

/** The same numbers for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
