import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HttpServer, listen } from '@colonnade/http'
import { root } from '../root.ts'
import { type Notice, noticeHtml, waitingPage } from './notice.ts'

/** A front door for who writes: the real site behind it, and pages that show what changed by themselves. */
export type Door = {
  url: string
  /** Where requests go; while undefined, a page says to wait. */
  lead(upstream: string | undefined): void
  /** What stands at the top of every page from now on. */
  post(notice: Notice | undefined): void
  /** Loads every open page again. */
  reload(): void
  close(): Promise<void>
}

const folder = join(root, 'ops/preview')
const files: Record<string, { file: string; type: string }> = {
  '/preview/reload.js': { file: 'reload.js', type: 'text/javascript; charset=utf-8' },
  '/preview/notice.css': { file: 'notice.css', type: 'text/css; charset=utf-8' },
}
/** Headers of one connection, and those that no longer fit a page we wrote into. */
const unfit = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
]

export async function openDoor(options: {
  port: number
  host: string
  /** Said while there is nothing behind the door. */
  waiting: string
  /** Asks again for a page in which something is away: who writes has just started it, and waits for the whole. */
  patient?: boolean
}): Promise<Door> {
  let upstream: string | undefined
  let notice: Notice | undefined
  let page = 1
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const encoder = new TextEncoder()
  const message = () => encoder.encode(`event: page\ndata: ${page}\nretry: 300\n\n`)

  const server: HttpServer = await listen({
    port: options.port,
    host: options.host,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const own = files[pathname]
      if (own) return send(readFileSync(join(folder, own.file), 'utf8'), own.type)
      if (pathname === '/preview/events') return events()
      if (!upstream) return wait()
      try {
        return await pass(request, upstream + pathname + search)
      } catch {
        return wait()
      }
    },
  })

  function wait(): Response {
    return send(addTo(waitingPage(options.waiting)), 'text/html; charset=utf-8', 503)
  }

  function events(): Response {
    let mine: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        mine = controller
        open.add(controller)
        controller.enqueue(message())
      },
      cancel() {
        open.delete(mine)
      },
    })
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
    })
  }

  async function pass(request: Request, to: string): Promise<Response> {
    const headers = new Headers(request.headers)
    for (const name of [...unfit, 'host', 'accept-encoding', 'if-none-match']) headers.delete(name)
    const body =
      request.method === 'GET' || request.method === 'HEAD'
        ? {}
        : { body: await request.arrayBuffer() }
    const ask = () => fetch(to, { method: request.method, headers, redirect: 'manual', ...body })
    let response = await ask()
    for (let tries = 0; options.patient && tries < mostTries && isPartial(response); tries++) {
      await response.arrayBuffer()
      await new Promise((resolve) => setTimeout(resolve, 200))
      response = await ask()
    }
    const answered = new Headers(response.headers)
    for (const name of unfit) answered.delete(name)
    const empty = request.method === 'HEAD' || [204, 304].includes(response.status)
    const isPage = answered.get('content-type')?.startsWith('text/html') ?? false
    if (!isPage || empty) {
      return new Response(empty ? null : response.body, {
        status: response.status,
        headers: answered,
      })
    }
    answered.delete('etag')
    answered.set('cache-control', 'no-store')
    const html = addTo(await response.text())
    return new Response(html, { status: response.status, headers: answered })
  }

  /** A page with our script, and with the notice when there is one. */
  function addTo(html: string): string {
    const head = `<script type="module" src="/preview/reload.js?page=${page}"></script>`
    const styled = notice ? `${head}<link rel="stylesheet" href="/preview/notice.css">` : head
    const withHead = html.replace('</head>', () => `${styled}</head>`)
    const posted = notice
    if (!posted) return withHead
    return withHead.replace(/<body[^>]*>/, (body) => body + noticeHtml(posted))
  }

  return {
    url: server.url,
    lead(to) {
      upstream = to
    },
    post(given) {
      notice = given
    },
    reload() {
      page++
      for (const controller of open) {
        try {
          controller.enqueue(message())
        } catch {
          open.delete(controller)
        }
      }
    },
    async close() {
      for (const controller of open) {
        try {
          controller.close()
        } catch {
          // The browser went first.
        }
      }
      await server.close(200)
    },
  }
}

const mostTries = 15

/** A page that holds a placeholder must not be kept by anyone. */
const isPartial = ({ status, headers }: Response) =>
  status === 200 &&
  headers.get('content-type')?.startsWith('text/html') === true &&
  headers.get('cache-control')?.includes('no-store') === true

const send = (body: string, type: string, status = 200) =>
  new Response(body, { status, headers: { 'Content-Type': type, 'Cache-Control': 'no-store' } })
