import { createHash } from 'node:crypto'

/** One hue of the eight on covers, as light and dark pages show it: ground and lines. */
const hues = [168, 205, 232, 268, 318, 12, 38, 88]

const width = 640
const height = 320
const ground = 276
const beam = { y: 44, height: 26 }

/**
 * A picture for what has none: a colonnade of its own for every seed, always the same one. Two line weights, one hue;
 * decorative, so it says nothing to a screen reader.
 */
export function generatedSvg(seed: string): string {
  const bytes = createHash('sha256').update(`colonnade picture\n${seed}`).digest()
  const pick = (at: number, below: number) => (bytes[at % bytes.length] ?? 0) % below
  const hue = hues[pick(0, hues.length)] ?? 168
  const count = 3 + pick(1, 5)
  const shares = Array.from({ length: count }, (_, at) => 3 + pick(2 + at, 5))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const inset = 48
  const gap = 30
  const room = width - 2 * inset - gap * (count - 1)
  const filled = pick(12, count)
  let x = inset
  const columns = shares.map((share, at) => {
    const own = (room * share) / total
    const column = drawColumn(x, own, 2 + pick(14 + at, 3), at === filled)
    x += own + gap
    return column
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-hidden="true">`,
    `<style>.g{fill:hsl(${hue} 28% 93%)}.l{fill:none;stroke:hsl(${hue} 38% 30%);stroke-width:3}.t{fill:none;stroke:hsl(${hue} 38% 30%);stroke-width:1}.f{fill:hsl(${hue} 34% 80%)}`,
    `@media (prefers-color-scheme:dark){.g{fill:hsl(${hue} 22% 14%)}.l,.t{stroke:hsl(${hue} 34% 74%)}.f{fill:hsl(${hue} 26% 30%)}}</style>`,
    `<rect class="g" width="${width}" height="${height}"/>`,
    ...columns,
    `<rect class="l" x="${inset - 18}" y="${beam.y}" width="${width - 2 * inset + 36}" height="${beam.height}"/>`,
    `<path class="t" d="M${inset - 18} ${beam.y + 8}h${width - 2 * inset + 36}"/>`,
    `<path class="l" d="M0 ${ground}h${width}"/>`,
    '</svg>',
  ].join('')
}

function drawColumn(x: number, own: number, flutes: number, filled: boolean): string {
  const top = beam.y + beam.height
  const n = (value: number) => String(Math.round(value * 10) / 10)
  const shaft = { y: top + 14, height: ground - top - 24 }
  const lines = Array.from({ length: flutes }, (_, at) => {
    const place = x + (own * (at + 1)) / (flutes + 1)
    return `M${n(place)} ${shaft.y + 8}v${shaft.height - 16}`
  })
  return [
    `<rect class="l${filled ? ' f' : ''}" x="${n(x)}" y="${shaft.y}" width="${n(own)}" height="${shaft.height}"/>`,
    `<path class="t" d="${lines.join('')}"/>`,
    `<path class="l" d="M${n(x - 8)} ${top + 1}h${n(own + 16)}l-8 13H${n(x)}zM${n(x - 6)} ${ground - 10}h${n(own + 12)}v10h${n(-own - 12)}z"/>`,
  ].join('')
}
