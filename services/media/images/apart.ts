import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '@colonnade/http'
import { z } from 'zod'
import type { VariantFormat } from '../contract.ts'
import { unusable } from './limits.ts'
import { NoResult, PictureProcess, type Result } from './picture-process.ts'
import type { Task } from './picture-work.ts'
import type { CleanRaster } from './raster.ts'
import type { RasterFormat } from './sniff.ts'

/** The built picture maker lies beside the built server; run from source there is none. */
const file = join(import.meta.dirname, 'picture-maker.js')
const built = existsSync(file)
const maker = new PictureProcess({ file })

/** Somewhat longer than libvips' own limits (see raster.ts), which end most of what takes long. */
const longestMs = { clean: 29_000, variant: 75_000 }

const bytes = z.instanceof(Uint8Array)
const cleanRasterResult = z.object({
  bytes,
  mime: z.enum(['image/jpeg', 'image/png']),
  width: z.int(),
  height: z.int(),
  fallback: z.enum(['jpg', 'png']),
})

/**
 * Unpacks a picture and packs it again without its metadata, in a process of its own: the memory that libvips takes
 * goes away with that process, and so does whatever a hostile picture makes of it.
 * @throws Unusable for what is broken, cut off or too large; Problem 503 when it is not the picture's fault
 */
export async function cleanRaster(picture: Uint8Array, format: RasterFormat): Promise<CleanRaster> {
  try {
    const task = { kind: 'clean', bytes: picture, format } as const
    return cleanRasterResult.parse(madeBy(await run(task)))
  } catch (error) {
    if (!(error instanceof NoResult)) throw error
    throw error.byPicture
      ? unusable(`The picture could not be read. ${error.message}`)
      : busy(error.message)
  }
}

/**
 * One variant of a cleaned picture, never wider than it is, made in that process too.
 * @throws Problem 503 when the process fails
 */
export async function makeVariant(
  original: Uint8Array,
  wanted: { width: number; format: VariantFormat; drawn: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const made = madeBy(await run({ kind: 'variant', bytes: original, ...wanted }))
    // A copy: what came from the process is a part of a larger message.
    return new Uint8Array(bytes.parse(made))
  } catch (error) {
    throw error instanceof NoResult ? busy(error.message) : error
  }
}

/** Lets the process go that pictures are made in, if there is one. */
export const endPictures = (): void => maker.end()

async function run(task: Task): Promise<Result> {
  if (built) return await maker.run(task, longestMs[task.kind])
  const { work } = await import('./picture-work.ts')
  return await work(task)
}

function madeBy(result: Result): unknown {
  if ('made' in result) return result.made
  if ('refused' in result) throw unusable(result.refused)
  throw new Error(result.failed)
}

const busy = (why: string) =>
  new Problem(503, `Pictures cannot be made now. ${why} Try again soon.`)
