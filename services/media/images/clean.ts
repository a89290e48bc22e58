import { Problem } from '@colonnade/http'
import type { ImageRow } from '../queries.ts'
import { cleanRaster } from './apart.ts'
import { limits, Unusable } from './limits.ts'
import { type RasterFormat, sniffRaster, xmlText } from './sniff.ts'
import { cleanSvg } from './svg/clean-svg.ts'

type Cleaned = Omit<ImageRow, 'id' | 'name' | 'createdAt' | 'bytes'> & { bytes: Uint8Array }

/** Media types that are accepted, as a sender declares them. */
export const acceptedTypes = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/avif',
  'image/gif',
  'image/svg+xml',
] as const

/**
 * Tells by its first bytes what an image is.
 * @param declared the media type its sender said it has, if any
 * @throws Problem 415 when it is none we accept or not what it was declared as
 */
export function formatOf(bytes: Uint8Array, declared?: string): RasterFormat | 'svg+xml' {
  const format = sniffRaster(bytes) ?? (xmlText(bytes) === undefined ? undefined : 'svg+xml')
  if (!format) throw new Problem(415, 'This is no PNG, JPEG, WebP, AVIF, GIF or SVG.')
  if (declared !== undefined && declared !== `image/${format}`) {
    throw new Problem(415, `This was sent as ${declared}, but it seems to be image/${format}.`)
  }
  return format
}

/**
 * Makes an image harmless.
 * @throws Problem 413 or 422 when it is too large or broken, 415 for XML that is no SVG
 */
export async function clean(bytes: Uint8Array, format: RasterFormat | 'svg+xml'): Promise<Cleaned> {
  try {
    if (format !== 'svg+xml') return { kind: 'raster', ...(await cleanRaster(bytes, format)) }
    if (bytes.byteLength > limits.svgBytes) {
      throw new Problem(413, `At most ${limits.svgBytes} bytes of SVG are accepted.`)
    }
    const { text, width, height } = await cleanSvg(xmlText(bytes) ?? '')
    return { kind: 'svg', mime: 'image/svg+xml', width, height, bytes: Buffer.from(text) }
  } catch (error) {
    throw error instanceof Unusable ? new Problem(422, error.message) : error
  }
}
