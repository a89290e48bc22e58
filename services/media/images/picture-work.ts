import type { VariantFormat } from '../contract.ts'
import { Unusable } from './limits.ts'
import { cleanRasterHere, makeVariantHere } from './raster.ts'
import type { RasterFormat } from './sniff.ts'

/** Work on one picture that libvips does. */
export type Task =
  | { kind: 'clean'; bytes: Uint8Array; format: RasterFormat }
  | { kind: 'variant'; bytes: Uint8Array; width: number; format: VariantFormat; drawn: boolean }

export type Answer =
  | { made: unknown }
  /** The picture is at fault. */
  | { refused: string }
  /** We are. */
  | { failed: string }

/** Does a task; what goes wrong is an answer too, as it has to travel between processes. */
export async function work(task: Task): Promise<Answer> {
  try {
    if (task.kind === 'clean') return { made: await cleanRasterHere(task.bytes, task.format) }
    return { made: await makeVariantHere(task.bytes, task) }
  } catch (error) {
    if (error instanceof Unusable) return { refused: error.message }
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}
