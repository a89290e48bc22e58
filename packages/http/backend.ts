import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { RunningService } from './service.ts'

/** A request that is passed on as it came. Names of headers in small letters. */
export type Onward = {
  method: string
  path: string
  headers: Record<string, string | string[]>
  body?: string | Buffer | Readable
  signal?: AbortSignal
}

/** What answered it; whoever takes the answer reads its body to the end, or dumps it. */
export type OnwardAnswer = {
  status: number
  headers: IncomingHttpHeaders
  body: Readable & { dump(): Promise<unknown>; arrayBuffer(): Promise<ArrayBuffer> }
}

/** Anything that answers requests: a service in this process, or a balanced pool of its addresses. */
export type Backend = {
  /** @param path path and query, e.g. `/fragments/reviews/reviews?course=1` */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** The same without the web's Request and Response, which cost more than passing on; where it runs elsewhere. */
  pass?(request: Onward): Promise<OnwardAnswer>
}

/** Where in-process requests seem to come from; services never see it used as an address. */
const inside = 'http://inside'

/** The service in this process. */
export function localBackend(service: Pick<RunningService, 'app'>): Backend {
  return {
    async fetch(path, init) {
      return await service.app.fetch(new Request(inside + path, init))
    },
  }
}
