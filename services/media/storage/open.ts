import { z } from 'zod'
import { bucketStorage } from './bucket.ts'
import { folderStorage } from './folder.ts'
import type { Storage } from './storage.ts'

const settings = z.object({
  MEDIA_S3_ENDPOINT: z.url({ protocol: /^https?$/ }),
  MEDIA_S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  // Services that have no regions take any name, this one by custom.
  MEDIA_S3_REGION: z.string().default('us-east-1'),
  MEDIA_S3_ACCESS_KEY_ID: z.string().min(1),
  MEDIA_S3_SECRET_ACCESS_KEY: z.string().min(1),
})

/**
 * The storage that the environment names: an S3-compatible bucket when `MEDIA_S3_BUCKET` is set, else a folder.
 * @throws when the bucket's settings are incomplete: better at start than at the first picture
 */
export function openStorage(folder: string, env: Record<string, string | undefined>): Storage {
  if (!env.MEDIA_S3_BUCKET) return folderStorage(folder)
  const given = settings.safeParse(env)
  if (!given.success) {
    const wrong = given.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new Error(`The settings of the bucket for pictures are not right. ${wrong.join('; ')}`)
  }
  return bucketStorage({
    endpoint: given.data.MEDIA_S3_ENDPOINT,
    bucket: given.data.MEDIA_S3_BUCKET,
    region: given.data.MEDIA_S3_REGION,
    accessKeyId: given.data.MEDIA_S3_ACCESS_KEY_ID,
    secretAccessKey: given.data.MEDIA_S3_SECRET_ACCESS_KEY,
  })
}
