import {
  type ImageDetails,
  svgPath,
  variantFormats,
  variantPath,
  variantTypes,
  variantWidths,
} from '../contract.ts'
import type { ImageRow } from '../queries.ts'

/** An image as the API shows it. */
export function describe(row: ImageRow): ImageDetails {
  const { id, kind, width, height, mime, bytes, name, createdAt } = row
  const variants =
    kind === 'svg'
      ? [{ src: svgPath(id), type: mime, width, height }]
      : variantFormats(row).flatMap((format) =>
          variantWidths(row).map((step) => ({
            src: variantPath(id, step, format),
            type: variantTypes[format],
            width: step,
            height: Math.max(1, Math.round((height * step) / width)),
          })),
        )
  return {
    id,
    kind,
    width,
    height,
    mime,
    bytes,
    name,
    createdAt: createdAt.toISOString(),
    variants,
  }
}
