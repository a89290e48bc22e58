import { mountEvents } from '@colonnade/events'
import { answerError, type Trust } from '@colonnade/http'
import { Hono } from 'hono'
import type { Logger } from 'pino'
import type { Fragments } from './fragments.ts'
import type { PageServer } from './page-server.ts'
import type { RouteMap } from './routes.ts'

/** The proxy as a subscriber: an event's subject is a cache tag, and exactly what carries it stops being fresh. */
export function hearEvents(options: {
  trust: Trust
  pages: PageServer
  fragments: Fragments
  routes: RouteMap
  log: Logger
}): { answerEvents(request: Request): Promise<Response> } {
  const { pages, fragments, routes } = options
  const app = new Hono()
  app.onError((error) => answerError(error))
  mountEvents(app, options.trust, async ({ type, subject }) => {
    const tags = [subject]
    fragments.invalidate(tags)
    pages.invalidate(tags)
    if (type === 'course.changed') await routes.refresh(Number(subject.slice('course:'.length)))
    if (type === 'catalogue.changed') routes.reload()
    if (type.endsWith('.purged')) {
      pages.purge(tags)
      await fragments.purge(tags)
    }
  })
  return { answerEvents: async (request) => await app.fetch(request) }
}
