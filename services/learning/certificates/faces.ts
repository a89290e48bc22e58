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
    const face = await faceFor(segment, files, weight)
    if (!face) return undefined
    const last = runs.at(-1)
    if (last?.face === face) last.text += segment
    else runs.push({ face, text: segment })
  }
  return runs
}

async function faceFor(
  letter: string,
  files: readonly string[],
  weight: number,
): Promise<Face | undefined> {
  for (const file of files) {
    const face = await openFace(file, weight)
    if ([...letter].every((sign) => face.points.has(sign.codePointAt(0) ?? 0))) return face
  }
  return undefined
}

const faces = new Map<string, Promise<Face>>()

/** Made when first used, once a process: variable fonts and WOFF2 are not for PDFs. */
function openFace(file: string, weight: number): Promise<Face> {
  const key = `${file} ${weight}`
  const made = faces.get(key) ?? makeFace(key, file, weight)
  faces.set(key, made)
  made.catch(() => faces.delete(key))
  return made
}

async function makeFace(key: string, file: string, weight: number): Promise<Face> {
  const source = await readFile(require.resolve(`@fontsource-variable/${file}`))
  const points = create(source).characterSet
  const bytes = await subsetFont(source, String.fromCodePoint(...points), {
    targetFormat: 'truetype',
    variationAxes: { wght: weight },
  })
  return { key, bytes, points: new Set(points) }
}
