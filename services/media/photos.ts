import type { Sql } from '@colonnade/db'
import { mountPersonalData, Problem, readBody } from '@colonnade/http'
import { findLanguage, translator } from '@colonnade/ui'
import type { Hono } from 'hono'
import { z } from 'zod'
import { imageId, variantFormats, variantPath, variantWidths } from './contract.ts'
import type { Library } from './images/library.ts'
import { limits } from './images/limits.ts'
import { listPhotos } from './queries.ts'

/** Photos of people: other services bring and remove them; mount after `mountInternals`, which checks that they may. */
export function mountPhotos(app: Hono, sql: Sql, library: Library): void {
  app.post('/internal/photos/:person', async (c) => {
    const owner = personFrom(c.req.param('person'))
    const bytes = await readBody(c.req.raw, limits.bytes)
    const { image } = await library.put(bytes, { name: '', owner })
    const { id, width, height, kind, fallback } = image
    return c.json({ id, width, height, kind, ...(fallback ? { fallback } : {}) })
  })

  app.delete('/internal/photos/:person', async (c) => {
    const but = imageId.optional().parse(c.req.query('but'))
    await removePhotos(personFrom(c.req.param('person')), but)
    return c.body(null, 204)
  })

  mountPersonalData(app, {
    async exportPerson(person) {
      const photos = await listPhotos(sql, person)
      if (photos.length === 0) return null
      return {
        data: photos.map(({ id, width, height, createdAt }) => ({ id, width, height, createdAt })),
        files: photos.map((photo) => {
          const format = variantFormats(photo).at(-1) ?? 'jpg'
          const width = variantWidths(photo).at(-1) ?? photo.width
          return { name: `${photo.id}.${format}`, path: variantPath(photo.id, width, format) }
        }),
      }
    },
    async erasePerson(person, { language }) {
      const gone = await removePhotos(person)
      const { t } = translator(findLanguage(language) ?? 'en')
      return { erased: gone > 0 ? [t('erase.media')] : [], kept: [] }
    },
  })

  async function removePhotos(person: string, but?: string): Promise<number> {
    const photos = await listPhotos(sql, person)
    const gone = photos.filter(({ id }) => id !== but)
    for (const { id } of gone) await library.remove(id)
    return gone.length
  }
}

function personFrom(id: string): string {
  const known = z.uuid().safeParse(id)
  if (!known.success) throw new Problem(404, 'That is no person’s id.')
  return known.data
}
