import { migrate } from '@colonnade/db'
import { testDatabase } from '@colonnade/testing'
import { explain, recordStatements } from '@colonnade/testing/plans'
import { expect, test } from 'vitest'
import { deleteImage, findImage, listImages, putImage } from './queries.ts'
import { media } from './service.ts'

test('no query walks through the table of images, or sorts it', async () => {
  const { url } = await testDatabase('media', async (fresh) => {
    await migrate(fresh, 'media', media.migrations)
  })
  const { sql, sent } = recordStatements(url)
  try {
    await sql`
      insert into media.image (id, kind, width, height, mime, bytes, fallback, created_at)
      select encode(sha256(n::text::bytea), 'hex')::char(40), 'raster', 800, 600, 'image/png', 9000, 'png',
        now() - n * interval '1 s'
      from generate_series(1, 20000) n`
    await sql`vacuum (analyze)`
    sent.clear()
    const [first] = await listImages(sql, { after: null, limit: 2 })
    if (!first) throw new Error('There are no images.')
    const found = await findImage(sql, first.id)
    if (!found) throw new Error('There is no such image.')
    await listImages(sql, { after: { createdAt: first.place, id: first.id }, limit: 2 })
    await putImage(sql, found)
    await deleteImage(sql, first.id)
    expect(sent.size).toBe(5)
    for (const query of [...sent.keys()]) {
      const nodes = await explain(sql, query)
      const walked = nodes.filter(({ type }) => ['Seq Scan', 'Sort'].includes(type))
      expect([query, walked]).toEqual([query, []])
    }
  } finally {
    await sql.end()
  }
})
