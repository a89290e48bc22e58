import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { create } from 'fontkit'
import subsetFont from 'subset-font'

const require = createRequire(import.meta.url)

/** How a text is set: `name` in the text face, the others in the interface's face as far as that reaches. */
export type Voice = 'name' | 'strong' | 'plain'

/** One font file at one weight, as TrueType: what a PDF can hold. */
export type Face = { key: string; bytes: Buffer; points: ReadonlySet<number> }

const scripts = [
  'latin',
  'latin-ext',
  'greek',
  'greek-ext',
  'cyrillic',
  'cyrillic-ext',
  'vietnamese',
] as const
const literata = scripts.map((script) => `literata/files/literata-${script}-wght-normal.woff2`)
const schibsted = scripts
  .slice(0, 2)
  .map((script) => `schibsted-grotesk/files/schibsted-grotesk-${script}-wght-normal.woff2`)

const voices: Record<Voice, { weight: number; files: readonly string[] }> = {
  name: { weight: 400, files: literata },
  strong: { weight: 700, files: [...schibsted, ...literata] },
  plain: { weight: 400, files: [...schibsted, ...literata] },
}

/** A piece of a text that one face can set. */
export type Run = { face: Face; text: string }

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * A text as runs of the fonts that pages use too: Latin with all its letters, Greek and Cyrillic.
 * @returns undefined when no font of ours has a letter of it (Arabic, Chinese, Hindi…)
 */
export async function setInFaces(text: string, voice: Voice): Promise<Run[] | undefined> {
  const { files, weight } = voices[voice]
  const runs: Run[] = []
  for (const { segment } of graphemes.segment(text.normalize('NFC'))) {
    const last = runs.at(-1)
    const face = await (segment === ' ' ? spaceAfter(last) : faceFor(segment, files, weight))
    if (!face) return undefined
    if (last?.face === face) last.text += segment
    else runs.push({ face, text: segment })
  }
  return runs
}

/** A Greek font has no space, and one taken in for its space alone is no font: the labels' face is always there. */
async function spaceAfter(last: Run | undefined): Promise<Face | undefined> {
  if (last?.face.points.has(0x20)) return last.face
  const { files, weight } = voices.plain
  return await faceFor(' ', files, weight)
}

/** Whether fonts of ours have every letter of a text. */
export async function canSet(text: string): Promise<boolean> {
  const files = await Promise.all(literata.map(openFile))
  return [...graphemes.segment(text.normalize('NFC'))].every(({ segment }) =>
    files.some(({ points }) => hasAll(points, segment)),
  )
}

async function faceFor(
  letter: string,
  files: readonly string[],
  weight: number,
): Promise<Face | undefined> {
  for (const file of files) {
    const { points } = await openFile(file)
    if (hasAll(points, letter)) return await openFace(file, weight)
  }
  return undefined
}

const hasAll = (points: ReadonlySet<number>, letter: string) =>
  [...letter].every((sign) => points.has(sign.codePointAt(0) ?? 0))

type FontFile = { source: Buffer; points: ReadonlySet<number> }

/** Read when first used, once a process. */
const openFile = remembering(async (file: string): Promise<FontFile> => {
  const source = await readFile(require.resolve(`@fontsource-variable/${file}`))
  return { source, points: new Set(create(source).characterSet) }
})

/** Made when first used, once a process: variable fonts and WOFF2 are not for PDFs. */
const openFace = remembering(async (file: string, weight: number): Promise<Face> => {
  const { source, points } = await openFile(file)
  const bytes = await subsetFont(source, String.fromCodePoint(...points), {
    targetFormat: 'truetype',
    variationAxes: { wght: weight },
  })
  return { key: `${file} ${weight}`, bytes, points }
})

/** What was made once is there for all who ask; what failed is tried again. */
function remembering<Given extends (string | number)[], Made>(
  make: (...given: Given) => Promise<Made>,
): (...given: Given) => Promise<Made> {
  const all = new Map<string, Promise<Made>>()
  return (...given) => {
    const key = given.join(' ')
    const made = all.get(key) ?? make(...given)
    all.set(key, made)
    made.catch(() => all.delete(key))
    return made
  }
}
