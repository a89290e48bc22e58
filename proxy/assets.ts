import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Backend } from '@colonnade/http'
import { LRUCache } from 'lru-cache'
import { replaceFile } from './replace-file.ts'

/** A static file and its compressed forms, as far as they exist. */
export type Asset = { type: string; etag: string; identity: Buffer; br?: Buffer; gzip?: Buffer }

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
}

/** `/assets/{owner}/{file}`: two plain names, so that no path can lead elsewhere. */
const assetPath = /^\/assets\/([a-z][a-z0-9-]*)\/([A-Za-z0-9_][A-Za-z0-9_.-]*)$/

/**
 * Built files by path. Names carry a hash of the content, so they are kept and served for ever; the build keeps the
 * files of the two builds before. What this host has not built it fetches from the service that owns it, and keeps.
 */
export class Assets {
  private readonly loaded = new LRUCache<string, Asset>({
    maxSize: 16 * 1024 * 1024,
    sizeCalculation: (asset) => asset.identity.length * 2 + 100,
  })

  constructor(
    private readonly options: {
      /** Where this host's build lies. */
      built: string
      /** Where what others built is kept. */
      fetched: string
      /** The owner's backend when it runs elsewhere. */
      remote(owner: string): Backend | undefined
    },
  ) {}

  async find(path: string): Promise<Asset | undefined> {
    const known = this.loaded.get(path)
    if (known) return known
    const match = assetPath.exec(path)
    const [, owner = '', file = ''] = match ?? []
    const type = types[extname(file)]
    if (!match || !type) return undefined
    const asset =
      (await this.read(join(this.options.built, owner, file), type)) ??
      (await this.read(join(this.options.fetched, owner, file), type)) ??
      (await this.fetch(owner, file, type))
    if (asset) this.loaded.set(path, asset)
    return asset
  }

  private async read(file: string, type: string): Promise<Asset | undefined> {
    const optional = (name: string) => readFile(name).catch(() => undefined)
    const identity = await optional(file)
    if (!identity) return undefined
    const [br, gzip] = await Promise.all([optional(`${file}.br`), optional(`${file}.gz`)])
    return make(type, identity, br, gzip)
  }

  private async fetch(owner: string, file: string, type: string): Promise<Asset | undefined> {
    const backend = this.options.remote(owner)
    if (!backend) return undefined
    const response = await backend
      .fetch(`/assets/${owner}/${file}`, { signal: AbortSignal.timeout(2000) })
      .catch(() => undefined)
    if (response?.status !== 200) return undefined
    const identity = Buffer.from(await response.arrayBuffer())
    await replaceFile(join(this.options.fetched, owner, file), identity)
    return make(type, identity)
  }
}

function make(type: string, identity: Buffer, br?: Buffer, gzip?: Buffer): Asset {
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 20)}"`
  return { type, etag, identity, ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) }
}
