import { answerError, type HttpServer, listen, Problem, type Trust } from '@colonnade/http'
import { z } from 'zod'
import { type Fault, faultKinds } from './faults.ts'
import type { Reloaded } from './workers/reloads.ts'

const breakRequest = z.object({ service: z.string(), fault: z.enum(faultKinds), cold: z.boolean() })
const mendRequest = z.object({ service: z.string().optional() })

export type ControlAnswer = { services: string[]; faults: Record<string, string> }

/**
 * How commands on this machine reach into a running process: HTTP on loopback, with a token signed by the
 * installation's secret.
 */
export async function openControl(options: {
  trust: Trust
  services: readonly string[]
  list(): Record<string, Fault>
  set(service: string, fault: Fault): Promise<void>
  mend(service?: string): Promise<void>
  /** Forgets all that the proxy keeps of a service. */
  forget(service: string): Promise<void>
  /** Where workers are supervised: replaces them, and tells how that ended. */
  reload?(): Promise<Reloaded>
}): Promise<HttpServer> {
  const state = (): ControlAnswer => ({
    services: [...options.services],
    faults: options.list(),
  })
  return await listen({
    port: 0,
    host: '127.0.0.1',
    async fetch(request) {
      try {
        if (!(await options.trust.check(request.headers.get('authorization'))))
          throw new Problem(401)
        const { pathname } = new URL(request.url)
        if (pathname === '/break') {
          const { service, fault, cold } = breakRequest.parse(await request.json())
          // First the fault: what is asked for in between would be kept again.
          if (options.services.includes(service)) await options.set(service, fault)
          if (cold) await options.forget(service)
        } else if (pathname === '/mend') {
          const { service } = mendRequest.parse(await request.json())
          await options.mend(service)
        } else if (pathname === '/reload' && request.method === 'POST') {
          if (!options.reload) throw new Problem(404, 'Nothing supervises this process.')
          return Response.json(await options.reload())
        }
        return Response.json(state())
      } catch (error) {
        return answerError(error)
      }
    },
  })
}
