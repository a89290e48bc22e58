/** What an image may be at most. */
export const limits = {
  /** Bytes as sent. */
  bytes: 15 * 1024 * 1024,
  /** Bytes of an SVG: it is read on the thread that answers everybody. */
  svgBytes: 4 * 1024 * 1024,
  /** Width times height, of one picture and of all pictures within an SVG together. */
  pixels: 40_000_000,
  /** Pixels a side: beyond it WebP has no pictures. */
  side: 16_000,
} as const

/** What is thrown of a picture that is none, or one that would harm; `clean` answers it as 422. */
export class Unusable extends Error {}

export const unusable = (why: string) => new Unusable(why)

/** @throws Unusable before a single pixel is unpacked */
export function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw unusable('The picture has no size.')
  if (width > limits.side || height > limits.side) {
    throw unusable(
      `At most ${limits.side} pixels a side are accepted; this has ${width} × ${height}.`,
    )
  }
  if (width * height > limits.pixels) {
    const most = limits.pixels / 1_000_000
    throw unusable(`At most ${most} megapixels are accepted; this has ${width} × ${height} pixels.`)
  }
}
