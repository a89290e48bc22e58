import { placeColumns } from '@colonnade/ui'
import type { CertifiedModule } from './certificate.ts'
import { columnsOf } from './columns.ts'

/** What drawing needs of a document, so that this knows no more of it. */
type Canvas = {
  rect(x: number, y: number, width: number, height: number): Canvas
  path(d: string): Canvas
  lineWidth(width: number): Canvas
  fill(color: string): Canvas
  fillAndStroke(fill: string, stroke: string): Canvas
}

const ink = '#14201e'
const sky = '#77ced8'
const deep = '#05585f'
/** How much room a column leaves to its neighbour, for its capital. */
const reach = 20

/** The course as its building stands when all is done: a column for each module, as wide as it took, every one filled. */
export function drawColonnade(
  canvas: Canvas,
  modules: readonly CertifiedModule[],
  {
    x,
    y,
    width,
    height,
    inset,
  }: { x: number; y: number; width: number; height: number; inset: number },
): void {
  const ground = y + height - 12
  const top = y + 34
  canvas.rect(x, y, width, height).fill(sky)
  for (const column of placeColumns(columnsOf(modules), width - 2 * inset, reach, 12)) {
    const left = x + inset + column.x
    const right = left + column.width
    const out = Math.min(reach / 2, column.width / 3)
    canvas
      .path(
        `M${left} ${ground}V${top + 18}l${-out} -12V${top}H${right + out}v6l${-out} 12V${ground}Z`,
      )
      .lineWidth(1.25)
      .fillAndStroke(deep, ink)
    for (let flute = left + 9; flute < right - 6; flute += 9) {
      canvas.rect(flute, top + 24, 0.6, ground - top - 24).fill(sky)
    }
  }
  canvas
    .rect(x + inset - 8, y + 18, width - 2 * inset + 16, 16)
    .lineWidth(1.25)
    .fillAndStroke('#ffffff', ink)
  canvas.rect(x, ground, width, 12).fill(ink)
}
