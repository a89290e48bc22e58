import type { Worker } from 'node:cluster'

/**
 * The supervisor accepts a connection and hands it to a worker; node:cluster closes its own end only when the worker has
 * said that it has it. A worker killed in between never says so, and the client would wait for ever for an answer.
 * Connections are handed over one at a time, so the last one is the only one that can be lost: it is closed, and the
 * client, who had no byte of an answer, asks again.
 */
export function closeUndelivered(worker: Worker): void {
  const { process: child } = worker
  const send = child.send.bind(child)
  let last: unknown
  child.send = (...args: unknown[]) => {
    const [, handle] = args
    if (handle) last = handle
    return Reflect.apply(send, child, args)
  }
  // Closing twice does no harm: what arrived is closed by then.
  worker.once('exit', () => {
    if (isClosable(last)) last.close()
  })
}

function isClosable(handle: unknown): handle is { close(): void } {
  return typeof handle === 'object' && handle !== null && 'close' in handle
}
