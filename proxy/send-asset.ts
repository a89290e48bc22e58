import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Asset, Assets } from './assets.ts'
import { chooseEncoding, matches } from './rendered.ts'

/** Sends a built file, for ever: its name changes with its content. */
export async function sendAsset(
  assets: Assets,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
  requestId: string,
): Promise<void> {
  const asset = await assets.find(path)
  if (!asset) {
    const body = 'There is no such file.'
    res.writeHead(404, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
    })
    res.end(req.method === 'HEAD' ? undefined : body)
    return
  }
  const headers: Record<string, string | number> = {
    ETag: asset.etag,
    Vary: 'Accept-Encoding',
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
    'Access-Control-Allow-Origin': '*',
    'X-Request-Id': requestId,
  }
  const known = req.headers['if-none-match']
  if (known && matches(known, asset.etag)) {
    res.writeHead(304, headers)
    res.end()
    return
  }
  const { encoding, body } = choose(asset, req)
  headers['Content-Type'] = asset.type
  headers['Content-Length'] = body.length
  if (encoding) headers['Content-Encoding'] = encoding
  res.writeHead(200, headers)
  res.end(req.method === 'HEAD' ? undefined : body)
}

function choose(asset: Asset, req: IncomingMessage): { encoding?: string; body: Buffer } {
  const accepted = req.headers['accept-encoding']
  const best = chooseEncoding(typeof accepted === 'string' ? accepted : '')
  if (best === 'br' && asset.br) return { encoding: 'br', body: asset.br }
  if (best !== 'identity' && asset.gzip) return { encoding: 'gzip', body: asset.gzip }
  return { body: asset.identity }
}
