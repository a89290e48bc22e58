import type { Sql } from '@colonnade/db'
import { Problem, type ServiceContext } from '@colonnade/http'
import type { Hono } from 'hono'
import { findCourse, findMovedSlug, findRoute } from '../queries/course.ts'
import { findFile } from '../queries/files.ts'
import { bytesOf } from './bytes.ts'
import { storable } from './internal.ts'

/** Types that no browser executes. All else is a stream of bytes to keep. */
const types: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  sql: 'text/plain; charset=utf-8',
  py: 'text/plain; charset=utf-8',
  r: 'text/plain; charset=utf-8',
  json: 'application/json',
  pdf: 'application/pdf',
  zip: 'application/zip',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  vtt: 'text/vtt; charset=utf-8',
}

/** Serves a course's downloads and its picture for social networks. */
export function mountFiles(app: Hono, { db, data }: ServiceContext): void {
  app.get('/learn/:slug/files/*', async (c) => {
    const slug = storable(c.req.param('slug'))
    const path = pathOf(c.req.path)
    const file = slug && path ? await findFile(db.work, slug, path) : undefined
    if (!slug || !path || !file) return await elsewhere(db.hot, slug, c.req.path)
    return answerFile(db.work, c.req.raw, path, file, { 'Cache-Control': 'public, max-age=300' })
  })
  const drawn = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()
  app.get('/learn/:slug/picture.png', async (c) => {
    const slug = storable(c.req.param('slug'))
    const route = slug ? await findRoute(db.hot, slug) : undefined
    const course = route && (await findCourse(db.hot, route.id))
    if (!course) return await elsewhere(db.hot, slug, c.req.path)
    const key = `${course.id}-${course.version}`
    let picture = drawn.get(key)
    if (!picture) {
      if (drawn.size >= 64) drawn.clear()
      // Loaded when the first one is asked for: what draws takes 18 MB.
      picture = import('./picture.ts').then(({ coursePicture }) => coursePicture(course, data))
      drawn.set(key, picture)
      picture.catch(() => drawn.delete(key))
    }
    return new Response(await picture, {
      headers: {
        'Content-Type': 'image/png',
        'Cache-Control': 'public, max-age=3600',
        ETag: `"${key}"`,
      },
    })
  })
}

/** Answers with a file, or the part of it that is asked for. Nothing that was uploaded runs in a browser. */
export function answerFile(
  sql: Sql,
  request: Request,
  path: string,
  file: { sha256: string; size: number },
  more: Record<string, string>,
): Response {
  const etag = `"${file.sha256.slice(0, 32)}"`
  const headers = {
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    ...more,
  }
  if (request.headers.get('if-none-match')?.includes(etag))
    return new Response(null, { status: 304, headers })
  const { status, range, body } = bytesOf(sql, file, {
    range: request.headers.get('range') ?? undefined,
    sameAs: request.headers.get('if-range') ?? undefined,
    etag,
  })
  return new Response(body, {
    status,
    headers: {
      ...headers,
      ...range,
      'Content-Type':
        types[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
      'Content-Disposition': attachment(path.split('/').at(-1) ?? 'file'),
    },
  })
}

/** The file's path in the course folder, or undefined for what can be none. */
export function pathOf(address: string): string | undefined {
  const raw = address.slice(address.indexOf('/files/') + '/files/'.length)
  try {
    const path = storable(decodeURIComponent(raw))
    const parts = path?.split('/') ?? ['']
    return parts.some((part) => part === '' || part === '.' || part === '..') ? undefined : path
  } catch {
    return undefined
  }
}

async function elsewhere(sql: Sql, slug: string | undefined, path: string): Promise<Response> {
  const moved = slug ? await findMovedSlug(sql, slug) : undefined
  if (moved === undefined) throw new Problem(404, 'There is no such file.')
  const rest = path.split('/').slice(3).join('/')
  return new Response(null, {
    status: 301,
    headers: { Location: `/learn/${encodeURIComponent(moved)}/${rest}` },
  })
}

/** A header that makes the browser keep the file under its name (RFC 6266). */
function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_')
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)}`
}
