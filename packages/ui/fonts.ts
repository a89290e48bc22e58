import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import arial from '@capsizecss/metrics/arial'
import arialBold from '@capsizecss/metrics/arial/700'
import georgia from '@capsizecss/metrics/georgia'
import georgiaBold from '@capsizecss/metrics/georgia/700'
import literata from '@capsizecss/metrics/literata'
import literataBold from '@capsizecss/metrics/literata/700'
import notoSerif from '@capsizecss/metrics/notoSerif'
import notoSerifBold from '@capsizecss/metrics/notoSerif/700'
import roboto from '@capsizecss/metrics/roboto'
import robotoBold from '@capsizecss/metrics/roboto/700'
import schibsted from '@capsizecss/metrics/schibstedGrotesk'
import schibstedBold from '@capsizecss/metrics/schibstedGrotesk/700'
import subsetFont from 'subset-font'

export interface BuiltFonts {
  /** The `@font-face` rules; their addresses are `base` and a file's name. */
  css: string
  /** Every file written, with its size. */
  files: { name: string; bytes: number }[]
  /** The files nearly every page needs: worth a `<link rel="preload" as="font" crossorigin>`. */
  preload: string[]
}

const require = createRequire(import.meta.url)

const ascii = characters(0x20, 0x7e)
// What English and Spanish are written with; kerning is half of a font's size and grows with every letter.
const core = `${ascii}áéíóúüñÁÉÍÓÚÜÑ¿¡«»ªº·°©§±²³½×÷–—‘’“”„…•−↑↓€\u00a0`
// The other letters of Latin-1: fetched only by a page that uses one.
const rest = [...characters(0xa1, 0xff), ...'ıŒœ™']
  .filter((letter) => !core.includes(letter))
  .join('')

const features = 'kern liga mark mkmk ccmp locl calt rlig tnum lnum'.split(' ')

const faces = [
  { family: 'Schibsted Grotesk', part: 'core', preload: true },
  { family: 'Schibsted Grotesk', part: 'rest', preload: false },
  { family: 'Literata', part: 'core', preload: true },
  { family: 'Literata', part: 'rest', preload: false },
  // No page uses it before a reader asks for it, and a browser fetches what a page uses.
  { family: 'Atkinson Hyperlegible Next', part: 'all', preload: false },
] as const

const letters = { core, rest, all: core + rest }

/**
 * Subsets the fonts into `outDir` under content-hashed names. Takes about two seconds.
 * @param base what stands before a file's name in the stylesheet
 */
export async function buildFonts(outDir: string, base = './'): Promise<BuiltFonts> {
  await mkdir(outDir, { recursive: true })
  const built: BuiltFonts = { css: fallbackCss(), files: [], preload: [] }
  for (const { family, part, preload } of faces) {
    const stem = family.toLowerCase().replaceAll(' ', '-')
    const source = require.resolve(
      `@fontsource-variable/${stem}/files/${stem}-latin-wght-normal.woff2`,
    )
    const font = await subsetFont(await readFile(source), letters[part], {
      targetFormat: 'woff2',
      variationAxes: { wght: { min: 400, max: 700 } },
      keepFeatures: features,
    })
    const hash = createHash('sha256').update(font).digest('hex').slice(0, 8)
    const name = `${stem}-${part}-${hash}.woff2`
    await writeFile(join(outDir, name), font)
    built.files.push({ name, bytes: font.length })
    if (preload) built.preload.push(name)
    built.css += faceCss(family, `${base}${name}`, letters[part])
  }
  return built
}

function faceCss(family: string, url: string, text: string): string {
  return `@font-face{font-family:"${family}";font-style:normal;font-weight:400 700;font-display:optional;src:url("${url}") format("woff2");unicode-range:${unicodeRange(text)}}\n`
}

function characters(first: number, last: number): string {
  return String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, at) => first + at))
}

/** The letters of a text as a CSS `unicode-range`. */
export function unicodeRange(text: string): string {
  const points = [...new Set([...text].map((letter) => letter.codePointAt(0) ?? 0))].sort(
    (a, b) => a - b,
  )
  const ranges: [number, number][] = []
  for (const point of points) {
    const last = ranges.at(-1)
    if (last && last[1] === point - 1) last[1] = point
    else ranges.push([point, point])
  }
  const hex = (point: number) => point.toString(16).toUpperCase()
  return ranges
    .map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`))
    .join(',')
}

interface Metrics {
  ascent: number
  descent: number
  lineGap: number
  unitsPerEm: number
  xWidthAvg: number
}

// A fallback and the free fonts drawn to the same widths, so that Linux has one too.
const fallbacks = [
  {
    family: 'Schibsted Grotesk',
    of: [schibsted, schibstedBold],
    like: [arial, arialBold],
    name: 'Arial',
    also: 'Liberation Sans',
  },
  {
    family: 'Schibsted Grotesk',
    of: [schibsted, schibstedBold],
    like: [roboto, robotoBold],
    name: 'Roboto',
  },
  {
    family: 'Literata',
    of: [literata, literataBold],
    like: [georgia, georgiaBold],
    name: 'Georgia',
    also: 'Gelasio',
  },
  {
    family: 'Literata',
    of: [literata, literataBold],
    like: [notoSerif, notoSerifBold],
    name: 'Noto Serif',
  },
] as const

/** Faces of fonts every system has, stretched to our fonts' metrics: nothing moves when ours arrive. */
function fallbackCss(): string {
  return fallbacks
    .flatMap(({ family, of, like, name, ...more }) =>
      ([400, 700] as const).map((weight, index) => {
        const bold = weight === 700 ? ' Bold' : ''
        const names = 'also' in more ? [name, more.also] : [name]
        const source = names.map((font) => `local("${font}${bold}")`).join(',')
        const matched = matchMetrics(of[index === 0 ? 0 : 1], like[index === 0 ? 0 : 1])
        return `@font-face{font-family:"${family} as ${name}";font-weight:${weight};src:${source};${matched}}\n`
      }),
    )
    .join('')
}

/** The descriptors that give `fallback` the widths and heights of `font`. */
export function matchMetrics(font: Metrics, fallback: Metrics): string {
  const size = font.xWidthAvg / font.unitsPerEm / (fallback.xWidthAvg / fallback.unitsPerEm)
  const percent = (value: number) => `${Math.round(value * 10000) / 100}%`
  const of = (value: number) => percent(Math.abs(value) / (font.unitsPerEm * size))
  return `size-adjust:${percent(size)};ascent-override:${of(font.ascent)};descent-override:${of(font.descent)};line-gap-override:${of(font.lineGap)}`
}
