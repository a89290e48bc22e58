import { isOperator, type Trust } from '@colonnade/http'
import { metricsContentType } from '@colonnade/watch'
import { z } from 'zod'
import { ServiceIsDead } from '../faults.ts'

/** The other processes on the same port, as one of them reaches them through the supervisor. */
export type Siblings = {
  /** Passes the body of `POST /internal/events` on. @returns ids that somebody could not take, and how many took all */
  share(events: string): Promise<{ failed: string[]; taken: number }>
  /** Prometheus text of all, this one included. */
  metrics(): Promise<string>
}

type Door = { fetch(request: Request, client?: string): Promise<Response> }

const heard = z.object({ failed: z.array(z.string()) })

/**
 * The door of one of several processes, which answers for all of them where one alone would be wrong: events that the
 * proxy hears count as heard when every proxy on this port has, and metrics are those of all.
 * @param proxy undefined where none runs here
 */
export function doorOfMany(options: {
  door: Door
  proxy: Door | undefined
  siblings: Siblings
  operatorToken: string
}): Door['fetch'] {
  const { door, proxy, siblings } = options
  return async (request, client) => {
    const { pathname } = new URL(request.url)
    if (proxy && pathname === '/internal/events') {
      return await hearTogether(request, proxy, siblings)
    }
    const authorization = request.headers.get('authorization')
    if (pathname === '/metrics' && isOperator(authorization, options.operatorToken)) {
      return new Response(await siblings.metrics(), {
        headers: { 'Content-Type': metricsContentType },
      })
    }
    return await door.fetch(request, client)
  }
}

/** A proxy that is not open yet has nothing to forget; then it is enough that the others hear. */
export async function hearTogether(
  request: Request,
  proxy: Door | undefined,
  siblings: Siblings,
): Promise<Response> {
  const events = await request.text()
  const own = await proxy?.fetch(new Request(request.url, { ...partsOf(request), body: events }))
  if (own && !own.ok) return own
  const { failed, taken } = await siblings.share(events)
  if (!own && taken === 0) throw new ServiceIsDead('no proxy is open yet')
  const failedHere = own ? heard.parse(await own.json()).failed : []
  return Response.json({ failed: [...new Set([...failedHere, ...failed])] })
}

const partsOf = ({ method, headers }: Request) => ({ method, headers })

/** Lets the proxy of this process hear what a sibling has heard. @returns ids that it could not take */
export async function hearFromSibling(
  proxy: Door,
  trust: Trust,
  events: string,
): Promise<string[]> {
  const response = await proxy.fetch(
    new Request('http://inside/internal/events', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: await trust.header() },
      body: events,
    }),
  )
  if (!response.ok) throw new Error(`events: ${response.status}`)
  return heard.parse(await response.json()).failed
}
