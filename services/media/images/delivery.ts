/** A year, as long as anything may be kept; an address never shows anything else. */
export const forever = 'public, max-age=31536000, immutable'

/**
 * An SVG opened by itself is a document, so it gets no rights: no script, no other files, no origin. Its own style
 * attributes are all that is left to it.
 */
const svgPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
const pixelPolicy = "default-src 'none'; sandbox"

/** Answers a picture: whole, or 304 when the browser has it. */
export function deliver(
  request: Request,
  picture: { bytes: Uint8Array<ArrayBuffer>; type: string; etag: string; cache: string },
): Response {
  const headers = {
    'Cache-Control': picture.cache,
    ETag: picture.etag,
    'Content-Security-Policy': picture.type === 'image/svg+xml' ? svgPolicy : pixelPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  }
  if (isKnown(request.headers.get('if-none-match'), picture.etag)) {
    return new Response(null, { status: 304, headers })
  }
  return new Response(picture.bytes, {
    headers: {
      ...headers,
      'Content-Type': picture.type,
      'Content-Length': String(picture.bytes.byteLength),
    },
  })
}

/** Compares weakly, as RFC 9110 asks of If-None-Match. */
export function isKnown(ifNoneMatch: string | null, etag: string): boolean {
  if (!ifNoneMatch) return false
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return tags.includes('*') || tags.includes(etag)
}
