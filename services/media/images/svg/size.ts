import type { SvgElement } from './tree.ts'

/** CSS pixels in one of each unit; what depends on the page around it is not a size. */
const units: Record<string, number> = {
  '': 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  em: 16,
  ex: 8,
}

const largest = 16_000

function lengthOf(text: string | undefined): number | undefined {
  const [, number, unit = ''] =
    /^\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*$/i.exec(text ?? '') ?? []
  const length = Number(number) * (units[unit.toLowerCase()] ?? Number.NaN)
  return length > 0 && Number.isFinite(length) ? length : undefined
}

function viewBoxOf(text: string | undefined): { width: number; height: number } | undefined {
  const numbers = (text ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number)
  const [, , width = 0, height = 0] = numbers
  const valid = numbers.length === 4 && numbers.every(Number.isFinite) && width > 0 && height > 0
  return valid ? { width, height } : undefined
}

/**
 * Gives the picture a size in pixels and a view box, so that it scales wherever it is placed.
 * @returns whole pixels
 */
export function settleSize(root: SvgElement): { width: number; height: number } {
  const { attributes } = root
  const box = viewBoxOf(attributes.get('viewBox'))
  const given = {
    width: lengthOf(attributes.get('width')),
    height: lengthOf(attributes.get('height')),
  }
  const ratio = box ? box.width / box.height : 2
  // What browsers do: what is missing follows from the view box; with neither it is 300 × 150.
  const width = given.width ?? (given.height ? given.height * ratio : (box?.width ?? 300))
  const height = given.height ?? width / ratio
  if (!box) attributes.set('viewBox', `0 0 ${width} ${height}`)
  const shrink = Math.min(1, largest / Math.max(width, height))
  const whole = (length: number) => Math.max(1, Math.round(length * shrink))
  attributes.set('width', String(whole(width)))
  attributes.set('height', String(whole(height)))
  return { width: whole(width), height: whole(height) }
}
