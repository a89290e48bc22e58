import { askPeer, type Backend, type Trust } from '@colonnade/http'
import { z } from 'zod'

/** An image as media keeps it: its id is the hash of its content. */
export const image = z.object({
  id: z.string().regex(/^[a-z0-9]{16,64}$/),
  width: z.int().positive(),
  height: z.int().positive(),
  kind: z.enum(['raster', 'svg']),
})

export type Image = z.infer<typeof image>

export type PictureSource = { type: string; srcset: string }

/** What a `<picture>` needs; `src` is for browsers that know none of the sources. */
export type PictureData = { src: string; width: number; height: number; sources: PictureSource[] }

const steps = [320, 640, 960, 1280, 1920]

/** Widths in pixels an image is delivered in: the steps below its own, and its own up to the last step. */
export function variantWidths(own: Pick<Image, 'width'>): number[] {
  const largest = Math.min(own.width, steps.at(-1) ?? own.width)
  return [...steps.filter((width) => width < largest), largest]
}

/** Where an image's variants are; asks nobody. */
export function pictureOf({ id, width, height, kind }: Image): PictureData {
  if (kind === 'svg') return { src: `/media/${id}/image.svg`, width, height, sources: [] }
  const widths = variantWidths({ width })
  const srcset = (format: string) =>
    widths.map((step) => `/media/${id}/${step}.${format} ${step}w`).join(', ')
  return {
    src: `/media/${id}/${widths.at(-1)}.jpg`,
    width,
    height,
    sources: [
      { type: 'image/avif', srcset: srcset('avif') },
      { type: 'image/webp', srcset: srcset('webp') },
      { type: 'image/jpeg', srcset: srcset('jpg') },
    ],
  }
}

/** Address of a picture drawn from a seed, for what has none of its own. */
export const generatedPicture = (seed: string) =>
  `/media/generated/${encodeURIComponent(seed)}.svg`

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
  }
}
