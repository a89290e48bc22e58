import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { asSubject, placeColumns, type Subject } from '@colonnade/ui'
import { renderAsync } from '@resvg/resvg-js'
import subsetFont from 'subset-font'
import type { Listed } from '../queries/course.ts'

const require = createRequire(import.meta.url)

// The light theme's sky and ground (packages/ui/elements/tokens.css): a picture has no dark mode.
const hues: Record<Subject, { sky: string; deep: string }> = {
  computing: { sky: '#94c2f3', deep: '#2e5072' },
  data: { sky: '#77ced8', deep: '#05585f' },
  mathematics: { sky: '#beb4f1', deep: '#4e4670' },
  science: { sky: '#96cea1', deep: '#2f5838' },
  humanities: { sky: '#e9b089', deep: '#6a4225' },
  arts: { sky: '#f0a8a9', deep: '#6e3d3e' },
  business: { sky: '#cfbe7e', deep: '#594c1a' },
  teaching: { sky: '#e4a9cf', deep: '#663d59' },
}

const ink = '#14201e'
const width = 1200
const height = 630
const roof = 360

type Drawn = Pick<Listed, 'title' | 'subtitle' | 'subject' | 'modules' | 'direction'>

/**
 * A course's picture for social networks: its title above its colonnade, as PNG, 1200 × 630 pixels.
 * @param data folder in which the font is kept that is made for it
 */
export async function coursePicture(course: Drawn, data: string): Promise<Uint8Array<ArrayBuffer>> {
  const rendered = await renderAsync(pictureSvg(course), {
    font: {
      fontFiles: [await fontFile(data)],
      loadSystemFonts: !/^[\p{Script=Latin}\p{Script=Common}]*$/u.test(
        course.title + course.subtitle,
      ),
      defaultFontFamily: 'Schibsted Grotesk',
    },
  })
  return new Uint8Array(rendered.asPng())
}

let making: Promise<string> | undefined

/** The title's font as TrueType, made of the one the pages use; once for a data folder. */
function fontFile(data: string): Promise<string> {
  making ??= makeFont(join(data, 'picture-font-1.ttf')).catch((error) => {
    making = undefined
    throw error
  })
  return making
}

async function makeFont(path: string): Promise<string> {
  if (await stat(path).catch(() => undefined)) return path
  const source = require.resolve(
    '@fontsource-variable/schibsted-grotesk/files/schibsted-grotesk-latin-wght-normal.woff2',
  )
  const letters = Array.from({ length: 0x250 - 0x20 }, (_, at) => String.fromCodePoint(0x20 + at))
  const font = await subsetFont(await readFile(source), `${letters.join('')}‘’“”–—…·¿¡`, {
    targetFormat: 'truetype',
    variationAxes: { wght: 700 },
  })
  await mkdir(join(path, '..'), { recursive: true })
  const draft = `${path}.${process.pid}`
  await writeFile(draft, font)
  await rename(draft, path)
  return path
}

/** The picture as SVG. */
function pictureSvg({ title, subtitle, subject, modules, direction }: Drawn): string {
  const hue = hues[asSubject(subject)]
  const [anchor, x] = direction === 'rtl' ? ['end', width - 64] : ['start', 64]
  const lines = wrap(title, 30, 3)
  const size = lines.length > 2 ? 60 : 72
  const text = lines.map(
    (line, index) =>
      `<text x="${x}" y="${84 + size * 0.35 + index * size * 1.1}" font-size="${size}" letter-spacing="-1.4" text-anchor="${anchor}" fill="${ink}">${escapeXml(line)}</text>`,
  )
  const [promise] = lines.length > 2 ? [] : wrap(subtitle, 62, 1)
  if (promise) {
    text.push(
      `<text x="${x}" y="${84 + lines.length * size * 1.1 + 36}" font-size="34" text-anchor="${anchor}" fill="#4c5b57">${escapeXml(promise)}</text>`,
    )
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Schibsted Grotesk" font-weight="700"><rect width="${width}" height="${height}" fill="#f3f5f4"/>${text.join('')}${colonnade(modules, hue)}</svg>`
}

function colonnade(
  modules: Drawn['modules'],
  { sky, deep }: { sky: string; deep: string },
): string {
  const inset = 64
  const ground = height - 36
  const columns = placeColumns(modules.slice(0, 24), width - 2 * inset, 10, 14).map(
    ({ x, width: own }) => {
      const left = inset + x
      const reach = Math.min(10, own / 3)
      return `<path d="M${left} ${ground}V${roof + 56}l${-reach} -16H${left + own + reach}l${-reach} 16V${ground}" fill="#fff" stroke="${ink}" stroke-width="3" stroke-linejoin="round"/>`
    },
  )
  return `<rect y="${roof - 40}" width="${width}" height="${height}" fill="${sky}"/>${columns.join('')}<rect x="${inset - 24}" y="${roof}" width="${width - 2 * inset + 48}" height="40" fill="#fff" stroke="${ink}" stroke-width="3"/><rect y="${ground}" width="${width}" height="36" fill="${deep}"/>`
}

/** Breaks a text into at most `most` lines of about `length` characters; what is over is left out. */
function wrap(text: string, length: number, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word
    if (longer.length <= length || line === '') line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  if (line) lines.push(line)
  if (lines.length <= most) return lines.map((one) => cut(one, length + 8))
  return lines
    .slice(0, most)
    .map((one, index) => (index === most - 1 ? `${cut(one, length)}…` : one))
}

const cut = (text: string, length: number) =>
  [...text].length <= length ? text : [...text].slice(0, length).join('')

const escapeXml = (text: string) =>
  text
    .replace(/[^\P{C}\t]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
