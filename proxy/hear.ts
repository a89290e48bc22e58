import type { RedisTier } from '@colonnade/cache'
import { mountEvents } from '@colonnade/events'
import { answerError, type Trust } from '@colonnade/http'
import { Hono } from 'hono'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Answers } from './answers.ts'
import type { Fragments } from './fragments.ts'
import type { PageServer } from './page-server.ts'
import type { RouteMap } from './routes.ts'

/** What proxies tell each other by Redis: an event one of them has heard, or the tags that a write said it changed. */
const message = z.union([
  z.object({ id: z.string(), type: z.string(), subject: z.string() }),
  z.object({ tags: z.array(z.string()), purge: z.boolean() }),
])

type Heard = { id: string; type: string; subject: string }

export type Hearing = {
  /** `POST /internal/events`. */
  answerEvents(request: Request): Promise<Response>
  /** What a write through this proxy has changed: who reads next sees it. */
  changed(tags: readonly string[]): void
  purge(tags: readonly string[]): Promise<void>
}

/**
 * The proxy as a subscriber: an event's subject is a cache tag, and exactly what carries it stops being fresh. Who
 * hears first tells the others by Redis; an event that came that way is not heard again when it is delivered.
 */
export function hearEvents(options: {
  trust: Trust
  pages: PageServer
  fragments: Fragments
  answers: Answers | undefined
  routes: RouteMap
  redis: RedisTier | undefined
  log: Logger
}): Hearing {
  const { pages, fragments, answers, routes, redis, log } = options
  const heard = new LRUCache<string, true>({ maxSize: 5_000, sizeCalculation: () => 1 })
  const app = new Hono()
  app.onError((error) => answerError(error))
  mountEvents(app, options.trust, async (events) => {
    for (const { id, type, subject } of events) {
      if (heard.has(id)) continue
      redis?.invalidate([subject], JSON.stringify({ id, type, subject } satisfies Heard))
      await hear({ id, type, subject })
    }
  })
  redis?.listen((text) => {
    follow(text).catch((err: unknown) => log.debug({ err }, 'an event will come again'))
  })

  /** In this process, in the order that keeps a page from being made of what is no longer fresh. */
  function invalidate(tags: readonly string[]): void {
    fragments.invalidate(tags)
    answers?.invalidate(tags)
    pages.invalidate(tags)
  }

  async function purge(tags: readonly string[]): Promise<void> {
    pages.purge(tags)
    answers?.purge(tags)
    await fragments.purge(tags)
  }

  /** An event that fails half-way comes again: it counts as heard only when all of it is done. */
  async function hear({ id, type, subject }: Heard): Promise<void> {
    invalidate([subject])
    if (type === 'course.changed') await routes.refresh(Number(subject.slice('course:'.length)))
    if (type === 'catalogue.changed') routes.reload()
    if (type.endsWith('.purged')) await purge([subject])
    heard.set(id, true)
  }

  async function follow(text: string): Promise<void> {
    const said = message.parse(JSON.parse(text))
    if ('tags' in said) await (said.purge ? purge(said.tags) : invalidate(said.tags))
    else if (!heard.has(said.id)) await hear(said)
  }

  return {
    answerEvents: async (request) => await app.fetch(request),
    changed(tags) {
      if (tags.length === 0) return
      invalidate(tags)
      redis?.invalidate(tags, JSON.stringify({ tags, purge: false }))
    },
    async purge(tags) {
      redis?.invalidate(tags, JSON.stringify({ tags, purge: true }))
      await purge(tags)
    },
  }
}
