import type { RunningService } from './service.ts'

/** Anything that answers requests: a service in this process, or a balanced pool of its addresses. */
export type Backend = {
  /** @param path path and query, e.g. `/fragments/reviews/reviews?course=1` */
  fetch(path: string, init?: RequestInit): Promise<Response>
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
