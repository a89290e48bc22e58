import type { Sharp, SharpOptions } from 'sharp'
import type { VariantFormat } from '../contract.ts'
import { checkSize, limits, unusable } from './limits.ts'
import type { RasterFormat } from './sniff.ts'

/** A picture unpacked and packed again: nothing but its pixels is left of what was sent. */
export type CleanRaster = {
  bytes: Uint8Array
  mime: 'image/jpeg' | 'image/png'
  width: number
  height: number
  /** The format for browsers that know neither AVIF nor WebP. */
  fallback: 'jpg' | 'png'
}

let loaded: Promise<typeof import('sharp')['default']> | undefined

/** Loaded when the first picture comes: an installation whose pictures are all made does not pay for it. */
function loadSharp(): Promise<typeof import('sharp')['default']> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    // One thread a picture and nothing kept between pictures: memory first, on a small box.
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loaded
}

const seconds = { decode: 12, encode: 60 }

const reading = {
  failOn: 'error',
  limitInputPixels: limits.pixels,
  sequentialRead: true,
  pages: 1,
} satisfies SharpOptions

/**
 * Unpacks a picture, turns it upright and packs it again without its metadata: EXIF, XMP, colour profiles, comments
 * and whatever hung on behind. Of an animation the first frame is kept.
 * @throws Unusable for what is broken, cut off or too large
 */
export async function cleanRasterHere(
  bytes: Uint8Array,
  format: RasterFormat,
): Promise<CleanRaster> {
  const sharp = await loadSharp()
  const header = await explained(sharp(bytes, { ...reading, limitInputPixels: false }).metadata())
  checkSize(header.width, header.pageHeight ?? header.height)
  const kind = await explained(judge(sharp, bytes))
  const lossy = format === 'jpeg' || format === 'webp' || format === 'avif'
  const photo = lossy && !kind.alpha && !kind.drawn
  const upright = sharp(bytes, reading).autoOrient().timeout({ seconds: seconds.decode })
  const packed = photo
    ? upright.jpeg({ quality: 92, chromaSubsampling: '4:4:4' })
    : upright.png({ compressionLevel: 7 })
  const { data, info } = await explained(packed.toBuffer({ resolveWithObject: true }))
  return {
    bytes: data,
    mime: photo ? 'image/jpeg' : 'image/png',
    width: info.width,
    height: info.height,
    fallback: kind.alpha || kind.drawn ? 'png' : 'jpg',
  }
}

/**
 * Whether anything is see-through, and whether it was drawn (a screenshot, a diagram) rather than photographed: of a
 * grid of its pixels few differ. JPEG would smear its letters.
 */
async function judge(sharp: typeof import('sharp')['default'], bytes: Uint8Array) {
  const { data, info } = await sharp(bytes, reading)
    .timeout({ seconds: seconds.decode })
    .toColourspace('srgb')
    .ensureAlpha()
    .resize({ width: 256, height: 256, fit: 'inside', kernel: 'nearest', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const pixels = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const colours = new Set<number>()
  let alpha = false
  for (let at = 0; at + 4 <= data.byteLength; at += info.channels) {
    const colour = pixels.getUint32(at)
    if ((colour & 0xff) !== 0xff) alpha = true
    colours.add(colour)
  }
  return { alpha, drawn: colours.size <= Math.max(64, (info.width * info.height) / 16) }
}

/** One variant of a cleaned picture, never wider than it is. */
export async function makeVariantHere(
  original: Uint8Array,
  { width, format, drawn }: { width: number; format: VariantFormat; drawn: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp()
  const resized = sharp(original, reading)
    .resize({ width, withoutEnlargement: true })
    .timeout({ seconds: seconds.encode })
  return new Uint8Array(await encode(resized, format, drawn).toBuffer())
}

function encode(picture: Sharp, format: VariantFormat, drawn: boolean): Sharp {
  switch (format) {
    // Effort 2 of 9: three times as fast as the default for a few per cent more bytes.
    case 'avif':
      return picture.avif({
        quality: drawn ? 60 : 50,
        effort: 2,
        chromaSubsampling: drawn ? '4:4:4' : '4:2:0',
      })
    case 'webp':
      return picture.webp(drawn ? { nearLossless: true, quality: 60, effort: 2 } : { quality: 78 })
    case 'png':
      return picture.png({ compressionLevel: 9 })
    case 'jpg':
      return picture.flatten({ background: '#fff' }).jpeg({
        quality: 80,
        mozjpeg: true,
        chromaSubsampling: drawn ? '4:4:4' : '4:2:0',
      })
  }
}

/** What sharp says of a picture it cannot read is the picture's fault, not ours. */
async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 200) : ''
    throw unusable(`The picture is broken, cut off or takes too long to read. ${reason}`.trim())
  }
}
