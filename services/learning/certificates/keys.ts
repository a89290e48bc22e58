import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import type { Database } from '@colonnade/db'
import { z } from 'zod'
import { multibase } from './base58.ts'
import { keepKey, listKeys } from './queries.ts'

const keptKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
})

/** The keys of this installation's credentials: the last one signs, all of them are published. */
export type Keys = {
  sign(bytes: Uint8Array): Uint8Array
  /** The one that signs, as it is named where it is published. */
  current: string
  /** The public halves as Multikey texts, the oldest first. */
  published: readonly string[]
}

/** A key is made at the first need, and kept among our tables: every process signs with the same one. */
export async function openKeys({ hot, work }: Database): Promise<Keys> {
  let kept = await listKeys(hot)
  if (kept.length === 0) {
    await keepKey(work, generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }))
    kept = await listKeys(work)
  }
  const keys = kept.map((key) => keptKey.parse(key))
  const last = keys.at(-1)
  if (!last) throw new Error('learning has no key for credentials')
  const privateKey = createPrivateKey({ key: last, format: 'jwk' })
  return {
    sign: (bytes) => sign(null, bytes, privateKey),
    current: multikey(last.x),
    published: keys.map(({ x }) => multikey(x)),
  }
}

/** 0xed01 says that what follows is an Ed25519 public key. */
const multikey = (x: string) =>
  multibase(Buffer.concat([Buffer.from([0xed, 0x01]), Buffer.from(x, 'base64url')]))
