import { ping } from '@colonnade/db'
import {
  Api,
  type KeptFiles,
  mountInternals,
  Problem,
  type RunningService,
  readBody,
  readPeople,
  type ServiceContext,
  type ServiceDefinition,
  text,
} from '@colonnade/http'
import { z } from 'zod'
import { imageDetails, imageId, type VariantFormat, variantTypes } from './contract.ts'
import { acceptedTypes } from './images/clean.ts'
import { decodeCursor, encodeCursor } from './images/cursor.ts'
import { deliver, forever, isKnown } from './images/delivery.ts'
import { describe } from './images/describe.ts'
import { generatedSvg } from './images/generated.ts'
import { Library, originalKey, typeOfOriginal } from './images/library.ts'
import { limits } from './images/limits.ts'
import { mountPhotos } from './photos.ts'
import { findImage, listAllImages, listImages } from './queries.ts'
import { deleting, uploading } from './scopes.ts'
import { openStorage } from './storage/open.ts'

const inPath = z.object({ id: imageId })

/** Images: taken in, kept, delivered. It shows nothing on pages by itself: other services place its pictures. */
export const media: ServiceDefinition = {
  name: 'media',
  routes: ['/api/images', '/api/images/:id', '/media/*'],
  scopes: [uploading, deleting],
  fragments: {},
  migrations: import.meta.glob<string>('./migrations/*.sql', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
  people: true,
  files,
  open,
}

/** Originals alone: variants are made again when somebody asks for them. */
function files(data: string, env: Record<string, string | undefined>): KeptFiles {
  const storage = openStorage(data, env)
  return {
    async *list(sql) {
      for await (const image of listAllImages(sql)) yield originalKey(image)
    },
    read: (key) => storage.read(key),
    write: (key, bytes) => storage.write(key, bytes, typeOfOriginal(key)),
  }
}

function open(context: ServiceContext): RunningService {
  const sql = context.db.hot
  const library = new Library(sql, openStorage(context.data, context.env), (error) =>
    context.log.warn({ err: error }, 'a picture could not be made ahead'),
  )
  const api = new Api(context.operatorToken, readPeople(context.peer('accounts')))

  api.endpoint(
    {
      method: 'post',
      path: '/api/images',
      operation: 'uploadImage',
      tag: 'Images',
      summary: 'Upload an image',
      description:
        'Send the file itself as the body. What it is is told by its content, which has to agree with Content-Type. ' +
        'It is unpacked, turned upright and packed again without any metadata; of an animated GIF, WebP or AVIF the ' +
        `first frame is kept; an SVG is reduced to what cannot do harm. At most ${limits.bytes} bytes ` +
        `(SVG: ${limits.svgBytes}), ${limits.pixels / 1e6} megapixels and ${limits.side} pixels a side. ` +
        'The same file is the same image: sending it again answers 200 with what is there.',
      operator: true,
      scope: uploading,
      rawBody: acceptedTypes,
      query: z.object({
        name: text(300).optional().describe('What it is called; shown to the operator only.'),
      }),
      answers: {
        200: { description: 'It was there already.', body: imageDetails },
        201: { description: 'It was taken in.', body: imageDetails },
      },
      problems: [422],
    },
    async ({ request, query }) => {
      const declared = acceptedTypes.find((type) => type === typeOf(request))
      if (!declared) throw new Problem(415, `Send one of ${acceptedTypes.join(', ')}.`)
      const bytes = await readBody(request, limits.bytes)
      const { image, fresh } = await library.put(bytes, { name: query.name ?? '', declared })
      return Response.json(describe(image), {
        status: fresh ? 201 : 200,
        headers: { Location: `/api/images/${image.id}`, 'Cache-Control': 'no-store' },
      })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/images',
      operation: 'listImages',
      tag: 'Images',
      summary: 'List the images, the newest first',
      operator: true,
      scope: uploading,
      query: z.object({
        limit: z.coerce.number().int().min(1).max(100).default(20),
        cursor: z.string().max(200).optional().describe('`next` of the page before.'),
      }),
      answers: {
        200: {
          description: 'A page of images.',
          body: z.object({ items: z.array(imageDetails), next: z.string().nullable() }),
        },
      },
    },
    async ({ query }) => {
      const after = query.cursor === undefined ? null : decodeCursor(query.cursor)
      const rows = await listImages(sql, { after, limit: query.limit + 1 })
      const shown = rows.slice(0, query.limit)
      const last = shown.at(-1)
      const next = rows.length > shown.length && last ? encodeCursor(last) : null
      return Response.json({ items: shown.map(describe), next })
    },
  )

  api.endpoint(
    {
      method: 'get',
      path: '/api/images/:id',
      operation: 'findImage',
      tag: 'Images',
      summary: 'What is known of an image, and where its variants are',
      params: inPath,
      answers: {
        200: { description: 'The image.', body: imageDetails },
        304: { description: 'It is as the ETag says.' },
      },
    },
    async ({ request, params }) => {
      const image = orMissing(await findImage(sql, params.id))
      const headers = { ETag: `"${image.id}"`, 'Cache-Control': 'no-cache' }
      if (isKnown(request.headers.get('if-none-match'), headers.ETag)) {
        return new Response(null, { status: 304, headers })
      }
      return Response.json(describe(image), { headers })
    },
  )

  api.endpoint(
    {
      method: 'delete',
      path: '/api/images/:id',
      operation: 'deleteImage',
      tag: 'Images',
      summary: 'Delete an image and all that was made of it',
      description: 'Browsers and caches that have it may keep it; pages that place it show a gap.',
      operator: true,
      scope: deleting,
      params: inPath,
      answers: { 204: { description: 'It is gone.' } },
    },
    async ({ params }) => {
      if (!(await library.remove(params.id))) throw missing()
      return new Response(null, { status: 204 })
    },
  )

  mountInternals(api.app, {
    trust: context.trust,
    openApi: () => api.openApi(),
    ready: () => ping(context.db),
  })

  api.app.post('/internal/images', async (c) => {
    const name = text(300).catch('').parse(c.req.query('name'))
    const { image } = await library.put(await readBody(c.req.raw, limits.bytes), { name })
    const { id, width, height, kind, fallback } = image
    return c.json({ id, width, height, kind, ...(fallback ? { fallback } : {}) })
  })

  mountPhotos(api.app, sql, library)

  api.app.get('/media/generated/:file', (c) => {
    const file = c.req.param('file')
    if (!file.endsWith('.svg') || file.length > 304) throw missing()
    const bytes = new TextEncoder().encode(generatedSvg(file.slice(0, -4)))
    // Not for ever: the drawing may change with the look.
    return deliver(c.req.raw, {
      bytes,
      type: 'image/svg+xml',
      etag: `"generated-1"`,
      cache: 'public, max-age=86400',
    })
  })

  api.app.get('/media/:id/image.svg', async (c) => {
    const id = idFrom(c.req.param('id'))
    const bytes = orMissing(await library.svg(id))
    return deliver(c.req.raw, { bytes, type: 'image/svg+xml', etag: `"${id}"`, cache: forever })
  })

  api.app.get('/media/:id/:file', async (c) => {
    const id = idFrom(c.req.param('id'))
    const { width, format } = variantFrom(c.req.param('file'))
    const bytes = orMissing(await library.variant(id, width, format))
    return deliver(c.req.raw, {
      bytes,
      type: variantTypes[format],
      etag: `"${id}-${width}-${format}"`,
      cache: forever,
    })
  })

  return {
    app: api.app,
    ready: () => ping(context.db),
    async close() {
      library.close()
    },
  }
}

const missing = () => new Problem(404, 'There is no such picture.')

function orMissing<T>(value: T | undefined): T {
  if (value === undefined) throw missing()
  return value
}

function idFrom(part: string): string {
  return orMissing(imageId.safeParse(part).data)
}

function variantFrom(file: string): { width: number; format: VariantFormat } {
  const [, width, extension] = /^([1-9]\d{0,4})\.(\w{3,4})$/.exec(file) ?? []
  const format = Object.keys(variantTypes).find(
    (known): known is VariantFormat => known === extension,
  )
  return { width: Number(orMissing(width)), format: orMissing(format) }
}

const typeOf = (request: Request) =>
  request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
