import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { type Storage, StorageAway } from './storage.ts'

export type BucketSettings = {
  /** Origin of the service; the bucket's name is put into the path, which every S3-compatible one understands. */
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/** Milliseconds for one object, its bytes included. */
const budget = 10_000

/** Keeps bytes in an S3-compatible bucket; requests are signed with AWS Signature Version 4. */
export function bucketStorage({ endpoint, bucket, ...credentials }: BucketSettings): Storage {
  const client = new AwsClient({ ...credentials, service: 's3', retries: 1 })
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`

  const ask = async (method: string, key: string, init: RequestInit = {}): Promise<Response> => {
    try {
      const answer = await client.fetch(`${base}/${key}`, {
        ...init,
        method,
        signal: AbortSignal.timeout(budget),
      })
      if (answer.ok || answer.status === 404) return answer
      const reason = (await answer.text()).slice(0, 500)
      throw new Error(`the bucket answered ${answer.status} to ${method}: ${reason}`)
    } catch (error) {
      throw new StorageAway(error)
    }
  }

  return {
    async read(key) {
      const answer = await ask('GET', key)
      try {
        if (answer.status === 404) {
          await answer.body?.cancel()
          return undefined
        }
        return new Uint8Array(await answer.arrayBuffer())
      } catch (error) {
        throw new StorageAway(error)
      }
    },
    async has(key) {
      return (await ask('HEAD', key)).ok
    },
    async write(key, bytes, type) {
      const answer = await ask('PUT', key, {
        body: new Uint8Array(bytes),
        headers: {
          'Content-Type': type,
          // Signed with the rest, so that what arrives is what was sent.
          'X-Amz-Content-Sha256': createHash('sha256').update(bytes).digest('hex'),
        },
      })
      if (answer.status === 404) throw new StorageAway(new Error(`there is no bucket ${bucket}`))
      await answer.body?.cancel()
    },
    async remove(keys) {
      for (const key of keys) await (await ask('DELETE', key)).body?.cancel()
    },
  }
}
