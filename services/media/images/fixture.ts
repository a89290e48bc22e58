import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase } from '@colonnade/db'
import { createTrust, localBackend, personalDataClient } from '@colonnade/http'
import { testDatabase } from '@colonnade/testing'
import { pino } from 'pino'
import sharp from 'sharp'
import { type ImageDetails, imageDetails, mediaClient } from '../contract.ts'
import { media } from '../service.ts'

const operator = 'operator-token-of-the-tests'

/** A picture of noise: nothing like a drawing. */
export const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })

export const square =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="9" height="9"/></svg>'

export type TestMedia = Awaited<ReturnType<typeof openTestMedia>>

/** The service on a database and a folder of its own, spoken to by requests. */
export async function openTestMedia(env: Record<string, string> = {}) {
  const database = await testDatabase('media', (url) =>
    migrate(url, media.name, media.migrations).then(() => {}),
  )
  const db = openDatabase({ url: database.url, name: 'media' })
  const data = mkdtempSync(join(tmpdir(), 'colonnade-media-'))
  const trust = createTrust('secret of the tests')
  const service = media.open({
    db,
    data,
    env,
    trust,
    operatorToken: operator,
    assets: [],
    log: pino({ level: 'silent' }),
    nudge() {},
    peer: () => ({ fetch: () => Promise.reject(new Error('media asks nobody')) }),
  })
  const ask = async (path: string, init: RequestInit = {}) =>
    await service.app.fetch(new Request(`http://media${path}`, init))
  const upload = (bytes: Uint8Array | string, type: string) =>
    ask('/api/images', {
      method: 'POST',
      headers: { Authorization: `Bearer ${operator}`, 'Content-Type': type },
      body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    })
  return {
    data,
    db,
    ask,
    upload,
    client: mediaClient(localBackend(service), trust),
    keeps: personalDataClient(localBackend(service), trust, 10_000),
    /** As the operator. */
    command: (method: string, path: string) =>
      ask(path, { method, headers: { Authorization: `Bearer ${operator}` } }),
    /** Uploads what must be taken. */
    async uploaded(bytes: Uint8Array | string, type: string): Promise<ImageDetails> {
      const answer = await upload(bytes, type)
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
      return imageDetails.parse(await answer.json())
    },
    async close() {
      await service.close?.()
      await db.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
