import { createServer } from 'node:net'

/** Told to the person at the terminal as it is. */
export class PortTaken extends Error {}

/** A taken port is told before anything is started. @throws PortTaken with the way out */
export async function refuseTakenPort(port: number, host: string): Promise<void> {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(tellPort(error, 'PORT')))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/** A port that is free now, for several processes that must agree on one. */
export async function choosePort(host: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** What went wrong when listening, with the way out where there is one. @param setting which names the port */
export function tellPort(error: unknown, setting: 'PORT' | 'METRICS_PORT'): unknown {
  if (!(error instanceof Error && 'code' in error && 'port' in error)) return error
  const port = Number(error.port)
  const other = (better: number) => `${setting}=${better} npm start`
  if (error.code === 'EADDRINUSE') {
    return new PortTaken(
      `Port ${port} is taken. Stop what uses it, or choose another: ${other(port + 1)}`,
    )
  }
  if (error.code === 'EACCES') {
    return new PortTaken(
      `Port ${port} needs more rights than this user has. Choose one above 1023: ${other(3000)}`,
    )
  }
  return error
}
