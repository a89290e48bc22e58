import { askPeer, type Backend, type Trust } from '@colonnade/http'
import { z } from 'zod'

/** The hash of an image's content. */
export const imageId = z.string().regex(/^[a-z0-9]{16,64}$/)

/** An image as media keeps it. */
export const image = z.object({
  id: imageId,
  width: z.int().positive(),
  height: z.int().positive(),
  kind: z.enum(['raster', 'svg']),
  /** What browsers get that know neither AVIF nor WebP: PNG where JPEG would spoil it. `jpg` unless told. */
  fallback: z.enum(['jpg', 'png']).optional(),
})

export type Image = z.infer<typeof image>

/** An image as the API shows it; `mime` and `bytes` are of the cleaned original that variants are made from. */
export const imageDetails = z.object({
  id: imageId,
  kind: z.enum(['raster', 'svg']),
  width: z.int().positive(),
  height: z.int().positive(),
  mime: z.string(),
  bytes: z.int().positive(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  variants: z.array(
    z.object({
      src: z.string(),
      type: z.string(),
      width: z.int().positive(),
      height: z.int().positive(),
    }),
  ),
})

export type ImageDetails = z.infer<typeof imageDetails>

export type PictureSource = { type: string; srcset: string }

/** What a `<picture>` needs; `src` is for browsers that know none of the sources. */
export type PictureData = { src: string; width: number; height: number; sources: PictureSource[] }

/** Formats of a raster image's variants, by the last part of their address. */
export const variantTypes = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpg: 'image/jpeg',
  png: 'image/png',
} as const

export type VariantFormat = keyof typeof variantTypes

const steps = [320, 640, 960, 1280, 1920]

/** Widths in pixels an image is delivered in: the steps below its own, and its own up to the last step. */
export function variantWidths({ width }: Pick<Image, 'width'>): number[] {
  const largest = Math.min(width, steps.at(-1) ?? width)
  return [...steps.filter((step) => step < largest), largest]
}

/** Formats an image is delivered in, the best first. */
export function variantFormats({ kind, fallback = 'jpg' }: Image): VariantFormat[] {
  return kind === 'svg' ? [] : ['avif', 'webp', fallback]
}

/** Address of an image in one width and format. */
export const variantPath = (id: string, width: number, format: VariantFormat) =>
  `/media/${id}/${width}.${format}`

/** Address of a vector image. */
export const svgPath = (id: string) => `/media/${id}/image.svg`

/** Where an image's variants are, as the kit's `Picture` takes it; asks nobody. */
export function pictureOf(image: Image): PictureData {
  const { id, width, height, kind, fallback = 'jpg' } = image
  if (kind === 'svg') return { src: svgPath(id), width, height, sources: [] }
  const widths = variantWidths(image)
  return {
    src: variantPath(id, widths.at(-1) ?? width, fallback),
    width,
    height,
    sources: variantFormats(image).map((format) => ({
      type: variantTypes[format],
      srcset: widths.map((step) => `${variantPath(id, step, format)} ${step}w`).join(', '),
    })),
  }
}

/** Address of a picture drawn from a seed, for what has none of its own. */
export const generatedPicture = (seed: string) => `/media/generated/${encodeURIComponent(seed)}.svg`

export type MediaClient = ReturnType<typeof mediaClient>

/** Media, as other services talk to it. */
export function mediaClient(backend: Backend, trust: Trust) {
  return {
    /**
     * Keeps an image; the same bytes give the same id.
     * @throws PeerError 413, 415 or 422 for bytes that are no image we accept
     */
    putImage: (bytes: Uint8Array<ArrayBuffer>, { name }: { name: string }): Promise<Image> =>
      askPeer(backend, trust, `/internal/images?name=${encodeURIComponent(name)}`, image, {
        method: 'POST',
        bytes,
        headers: { 'Content-Type': 'application/octet-stream' },
        budget: 30_000,
      }),
    /**
     * Keeps a photo of a person, apart from every other image: the same file from another person is another photo, so that
     * each can be removed. No drawings.
     * @throws PeerError 413, 415 or 422 for bytes that are no photo we accept
     */
    putPhoto: (bytes: Uint8Array<ArrayBuffer>, { person }: { person: string }): Promise<Image> =>
      askPeer(backend, trust, `/internal/photos/${person}`, image, {
        method: 'POST',
        bytes,
        headers: { 'Content-Type': 'application/octet-stream' },
        budget: 12_000,
      }),
    /** Removes all photos of a person, but the one named. */
    removePhotos: async (person: string, { but }: { but?: string } = {}): Promise<void> => {
      const path = `/internal/photos/${person}${but ? `?but=${but}` : ''}`
      await askPeer(backend, trust, path, z.null(), { method: 'DELETE', budget: 5000 })
    },
  }
}
