import type { Worker } from 'node:cluster'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * The supervisor accepts a connection and hands it to a worker; node:cluster closes its own end only when the worker has
 * said that it has it. A worker killed in between never says so, and the client would wait for ever for an answer. Such
 * a connection is handed to another worker: nobody has read from it yet.
 * @param another a worker that listens, if there is one
 */
export function rescueUndelivered(worker: Worker, another: () => Worker | undefined): void {
  const { process: child } = worker
  const send = child.send.bind(child)
  let handed: unknown[][] = []
  child.send = (...args: unknown[]) => {
    handed = handed.filter(([, handle]) => isOpen(handle))
    if (isOpen(args[1])) handed.push(args)
    return Reflect.apply(send, child, args)
  }
  worker.once('exit', async () => {
    await allHeard(worker)
    // Node says nothing when a handle was still on its way, and would go on dealing connections to the dead.
    child.emit('disconnect')
    for (const args of handed) {
      const [, handle] = args
      if (!isOpen(handle)) continue
      const other = another()?.process
      // The same message again: node:cluster knows by its number which connection was taken at last.
      if (other) Reflect.apply(other.send, other, args)
      else handle.close()
    }
  })
}

/** Waits until all that a dead worker said has been read; what it took is closed on this side then. */
async function allHeard(worker: Worker): Promise<void> {
  for (let tries = 0; worker.isConnected() && tries < 100; tries++) await delay(10)
  await delay(0)
}

type Handle = { fd: number; close(): void }

/** Whether this is a connection that this process still holds. */
function isOpen(handle: unknown): handle is Handle {
  return (
    typeof handle === 'object' &&
    handle !== null &&
    'close' in handle &&
    'fd' in handle &&
    Number(handle.fd) >= 0
  )
}
